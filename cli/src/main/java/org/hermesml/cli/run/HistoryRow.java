package org.hermesml.cli.run;

/**
 * One model version.
 *
 * @param seconds since the run began
 * @param loss held-out; NaN where the evaluator skipped this version
 * @param accuracy held-out, a fraction; NaN where the evaluator skipped this version
 * @param worker whose update made it; of a round all of them, joined by {@code +}; empty for the
 *     initial model
 * @param weight coefficient of the update in the merge; 1 for a closed round, which replaces the
 *     model
 * @param bytesUp updates sent by all workers until then
 * @param bytesDown models read by all workers until then
 */
public record HistoryRow(
        double seconds,
        long version,
        double loss,
        double accuracy,
        String worker,
        double weight,
        long bytesUp,
        long bytesDown) {}
