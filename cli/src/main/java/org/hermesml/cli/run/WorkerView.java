package org.hermesml.cli.run;

import org.hermesml.core.message.ByteCounters;

/**
 * What people see of one worker. Numbers of the newest iteration are NaN or 0 before the first.
 *
 * @param iterations finished, over all incarnations
 * @param loss held-out
 * @param z NaN where undefined
 * @param threshold in force at the newest decision; NaN where the method uses none
 * @param pushes reported, over all incarnations
 * @param samples n
 * @param miniBatch b
 * @param seconds of the newest iteration's training
 * @param bytes over all incarnations
 */
public record WorkerView(
        String name,
        State state,
        long iterations,
        double loss,
        double z,
        double threshold,
        long pushes,
        int samples,
        int miniBatch,
        double seconds,
        ByteCounters bytes) {

    /** Where a worker stands. */
    public enum State {
        /** Has said hello and not yet finished an iteration. */
        JOINING,
        TRAINING,
        /** Has not reported for longer than its own iterations explain. */
        SILENT,
        /** Has said goodbye or was dismissed. */
        GONE
    }
}
