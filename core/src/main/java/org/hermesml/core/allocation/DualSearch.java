package org.hermesml.core.allocation;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.NavigableSet;
import java.util.TreeSet;
import org.hermesml.core.settings.Settings;

/**
 * The samples n and the mini-batch size b that let a device finish an iteration at a target time.
 *
 * <p>For a given b, n has a closed form. Which b is a matter of accuracy as well: a small b means
 * more steps, so more time and more learnt from each sample; few samples make an update that knows
 * little. So b stays what the run is set to, and n alone is fitted, as long as n keeps within its
 * limits: at least an eighth of the samples that the run starts with, at most what the worker's
 * memory and the data allow. Only where n would have to leave them does b change: a slow device
 * takes a larger b and keeps enough samples, a fast one that has no more data takes a smaller b and
 * uses its time for more steps. Of all b the one with the least loss wins, counted in doublings:
 *
 * <pre>
 *   |log2(t / target)|  +  log2(fewest / n) where n is below fewest  +  tolerance * |log2(b / b set)|
 * </pre>
 *
 * where the last term keeps b unless a change gains more than the tolerance. There is always an
 * answer: where nothing fits, the nearest pair is taken and the reason says so.
 *
 * <p>Immutable; safe for any number of threads.
 */
public final class DualSearch {
    /** An update of less than this part of the samples that a run starts with is worth little. */
    private static final int FEWEST_PART = 8;

    /**
     * @param seconds predicted time of an iteration
     * @param reason for people, no full stop
     */
    public record Fit(int samples, int miniBatch, double seconds, String reason) {}

    private final int epochs;
    private final int setMiniBatch;
    private final int fewestSamples;
    private final double tolerance;
    private final NavigableSet<Integer> miniBatches;

    /**
     * @param miniBatches that may be chosen, besides {@code setMiniBatch}
     * @param fewestSamples below which b is changed rather than n
     * @param tolerance fraction of the target time
     */
    public DualSearch(
            int epochs,
            Collection<Integer> miniBatches,
            int setMiniBatch,
            int fewestSamples,
            double tolerance) {
        this.epochs = epochs;
        this.setMiniBatch = setMiniBatch;
        this.fewestSamples = fewestSamples;
        this.tolerance = tolerance;
        this.miniBatches = new TreeSet<>(miniBatches);
        this.miniBatches.add(setMiniBatch);
    }

    public static DualSearch of(Settings settings) {
        return new DualSearch(
                settings.get(Settings.LOCAL_EPOCHS),
                settings.get(Settings.MINI_BATCH_SEARCH)
                        ? settings.get(Settings.MINI_BATCHES)
                        : List.of(),
                settings.get(Settings.MINI_BATCH),
                Math.max(1, settings.get(Settings.SAMPLES) / FEWEST_PART),
                settings.get(Settings.ALLOCATION_TOLERANCE));
    }

    /**
     * @param targetSeconds of an iteration, above 0
     * @param mostSamples that memory and data allow, at least 1; also bounds b
     * @param presentMiniBatch b now in force
     */
    public Fit fit(StepCost cost, double targetSeconds, int mostSamples, int presentMiniBatch) {
        Integer fallback = miniBatches.floor(mostSamples);
        int best = fallback == null ? mostSamples : fallback;
        double least = Double.POSITIVE_INFINITY;
        for (int b : choices(cost, presentMiniBatch)) {
            if (b > mostSamples) {
                break;
            }
            double loss =
                    loss(cost, targetSeconds, samples(cost, targetSeconds, b, mostSamples), b);
            if (loss < least) {
                least = loss;
                best = b;
            }
        }
        int n = samples(cost, targetSeconds, best, mostSamples);
        double seconds = cost.iterationSeconds(epochs, n, best);
        return new Fit(n, best, seconds, reason(cost, targetSeconds, n, best, mostSamples));
    }

    /**
     * Where a step seems to cost the same whatever b is, that may only be because one size alone
     * has been seen. A large stride would then risk a much longer iteration; one size further shows
     * the truth.
     */
    private NavigableSet<Integer> choices(StepCost cost, int present) {
        if (cost.k1() > 0) {
            return miniBatches;
        }
        Integer below = miniBatches.lower(present);
        Integer above = miniBatches.higher(present);
        return miniBatches.subSet(
                below == null ? miniBatches.first() : below,
                true,
                above == null ? miniBatches.last() : above,
                true);
    }

    private int samples(StepCost cost, double target, int b, int most) {
        double exact = target * b / (epochs * cost.stepSeconds(b));
        return (int) Math.min(most, Math.max(b, Math.rint(Math.min(exact, most))));
    }

    private double loss(StepCost cost, double target, int n, int b) {
        double time = Math.abs(log2(cost.iterationSeconds(epochs, n, b) / target));
        double scarcity = Math.max(0, log2((double) fewestSamples / n));
        return time + scarcity + tolerance * Math.abs(log2((double) b / setMiniBatch));
    }

    private String reason(StepCost cost, double target, int n, int b, int most) {
        StringBuilder text =
                new StringBuilder(String.format(Locale.ROOT, "fitted to %.3g s", target));
        if (b != setMiniBatch) {
            int kept = samples(cost, target, setMiniBatch, most);
            text.append(
                    String.format(
                            Locale.ROOT,
                            ", mini-batch %d because %d would mean %d samples in %.3g s",
                            b,
                            setMiniBatch,
                            kept,
                            cost.iterationSeconds(epochs, kept, setMiniBatch)));
        }
        double seconds = cost.iterationSeconds(epochs, n, b);
        if (Math.abs(seconds - target) > tolerance * target) {
            text.append(
                    String.format(
                            Locale.ROOT,
                            ", nearest that can be is %.3g s: %s",
                            seconds,
                            seconds < target
                                    ? "memory and data allow no more than " + most + " samples"
                                    : "one mini-batch is the least"));
        }
        return text.toString();
    }

    private static double log2(double x) {
        return Math.log(x) / Math.log(2);
    }
}
