package org.hermesml.core.merge;

import java.util.Locale;
import org.hermesml.core.settings.Settings;

/**
 * Weights of a merge: each side counts by the inverse of its held-out loss (Hermes paper, section
 * on the merge), and where asked by the work that is in it.
 *
 * <p>Work is the samples that were trained on since the model was pulled. By loss alone, a device
 * that pushes after little training has the loss of the model that it pulled, and its nearly
 * unchanged and meanwhile older copy pulls the global model back as strongly as the progress of a
 * fast device pulls it on.
 */
public final class MergeWeight {
    /** Below this a loss is taken as this: a perfect loss must not take the whole weight. */
    private static final double LEAST_LOSS = 1e-9;

    /** Sums and products of a few of these are still finite. */
    private static final double MOST_BY_LOSS = 1e200;

    /** What counts besides staleness. */
    public enum Kind {
        WORK,
        LOSS,
        EQUAL;

        /** What {@code merge_weight} says. */
        public static Kind of(Settings settings) {
            return valueOf(settings.get(Settings.MERGE_WEIGHT).toUpperCase(Locale.ROOT));
        }
    }

    /** Of the newest work in the mean. */
    private static final double NEWEST = 0.1;

    /**
     * Share of the worker's side, {@code W2 / (W1 + W2)} with {@code W1 = 1 / globalLoss}, {@code
     * W2 = 1 / workerLoss}; in (0, 1), and 1/2 for equal losses.
     */
    public static double ofWorker(double globalLoss, double workerLoss) {
        double global = 1 / Math.max(globalLoss, LEAST_LOSS);
        double worker = 1 / Math.max(workerLoss, LEAST_LOSS);
        return worker / (global + worker);
    }

    /**
     * Likewise with {@code W1 = meanWork / globalLoss} and {@code W2 = work / workerLoss}; by loss
     * alone where one of the two is not known.
     *
     * @param meanWork of the updates so far; 0: not known
     * @param work in the worker's update; 0: not known
     */
    public static double ofWorker(
            double globalLoss, double meanWork, double workerLoss, double work) {
        if (!(meanWork > 0 && work > 0)) {
            return ofWorker(globalLoss, workerLoss);
        }
        double global = meanWork / Math.max(globalLoss, LEAST_LOSS);
        double worker = work / Math.max(workerLoss, LEAST_LOSS);
        return worker / (global + worker);
    }

    /**
     * Weight of an update beside others of its round: {@code work / loss^lossPower}, or what is
     * left of it by {@code kind}; above 0 and finite.
     *
     * @param work in the worker's update; 0: not known
     */
    public static double inRound(Kind kind, double work, double workerLoss, double lossPower) {
        if (kind == Kind.EQUAL) {
            return 1;
        }
        double byLoss = Math.pow(Math.max(workerLoss, LEAST_LOSS), -lossPower);
        double finite = Math.min(Math.max(byLoss, 1 / MOST_BY_LOSS), MOST_BY_LOSS);
        return kind == Kind.WORK && work > 0 ? work * finite : finite;
    }

    /**
     * The mean work after one more update: a tenth of it is new.
     *
     * @param before 0: the update is the first
     */
    public static double meanWork(double before, double work) {
        return before > 0 ? (1 - NEWEST) * before + NEWEST * work : work;
    }

    private MergeWeight() {}
}
