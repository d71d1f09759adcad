package org.hermesml.cli.run;

/**
 * A run as a whole. Losses and accuracies are held-out, NaN before the first score.
 *
 * @param version newest; -1 before the initial model
 * @param loss of the newest scored version
 * @param bestVersion the scored version with the least loss; -1 before the first score
 * @param admitted updates that made a version by themselves
 * @param held updates that went into a round
 * @param bytesUp updates sent by workers; the evaluator's traffic is not in these
 * @param bytesDown models read by workers
 */
public record Totals(
        double seconds,
        long version,
        double loss,
        double accuracy,
        long bestVersion,
        double bestLoss,
        double bestAccuracy,
        long iterations,
        long pushes,
        long admitted,
        long held,
        long refused,
        long bytesUp,
        long bytesDown,
        long bytesData,
        long bytesControl) {}
