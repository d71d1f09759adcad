package org.hermesml.core.merge;

/**
 * Weights of a merge: each side counts by the inverse of its held-out loss (Hermes paper, section
 * on the merge).
 */
public final class MergeWeight {
    /** Below this a loss is taken as this: a perfect loss must not take the whole weight. */
    private static final double LEAST_LOSS = 1e-9;

    /**
     * Share of the worker's side, {@code W2 / (W1 + W2)} with {@code W1 = 1 / globalLoss}, {@code
     * W2 = 1 / workerLoss}; in (0, 1), and 1/2 for equal losses.
     */
    public static double ofWorker(double globalLoss, double workerLoss) {
        double global = 1 / Math.max(globalLoss, LEAST_LOSS);
        double worker = 1 / Math.max(workerLoss, LEAST_LOSS);
        return worker / (global + worker);
    }

    private MergeWeight() {}
}
