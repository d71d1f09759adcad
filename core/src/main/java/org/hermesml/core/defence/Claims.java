package org.hermesml.core.defence;

import org.hermesml.core.keyed.SortedNumbers;
import org.hermesml.core.settings.Settings;

/**
 * What is to be thought of the held-out loss that a worker reports of its update. An evaluator
 * measures the same weights on the same samples: but for what rounding on the way changed, it finds
 * the same loss. Immutable.
 *
 * @param mostFold how many times the claim a measured loss may be
 * @param bold below which part of what the others claim a claim is not taken on trust
 */
public record Claims(double mostFold, double bold) {
    /** A quarter of the held-out samples, drawn anew each time, says this much less. */
    private static final double OF_QUARTER = 1.5;

    /** So many times what may be found is no matter of rounding or of a few samples. */
    private static final double BLATANT = 2;

    /** Fewer others are no measure. */
    private static final int FEWEST = 3;

    /** Loss so small that ratios of it mean nothing. */
    private static final double LEAST_LOSS = 1e-3;

    public static Claims of(Settings settings) {
        double fresh = settings.get(Settings.FRESH_HELD_OUT) ? OF_QUARTER : 1;
        return new Claims(
                (1 + settings.get(Settings.LOSS_TOLERANCE)) * fresh,
                settings.get(Settings.BOLD_CLAIM));
    }

    /**
     * Whether {@code measured}, which may be NaN, gives the lie to {@code claimed}. A loss that is
     * better than claimed gains nobody anything.
     *
     * @param rough whether it was measured on a quarter of the held-out samples
     */
    public boolean isFalse(double claimed, double measured, boolean rough) {
        return !(measured <= most(claimed, rough));
    }

    /** For how many lies such a one counts: 0, 1, or 2 where there is no doubt. */
    public int lies(double claimed, double measured, boolean rough) {
        if (!isFalse(claimed, measured, rough)) {
            return 0;
        }
        return measured <= BLATANT * most(claimed, rough) ? 1 : 2;
    }

    private double most(double claimed, boolean rough) {
        return mostFold * (rough ? OF_QUARTER : 1) * Math.max(claimed, LEAST_LOSS);
    }

    /**
     * Whether {@code claimed} is so much better than what others claim that it must be measured
     * before it counts: weights go with a high power of the loss.
     *
     * @param others newest claim of each worker
     */
    public boolean isBold(String worker, double claimed, SortedNumbers others) {
        return others.countBut(worker) >= FEWEST && claimed < bold * others.medianBut(worker);
    }
}
