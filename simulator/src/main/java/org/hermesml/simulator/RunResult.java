package org.hermesml.simulator;

/**
 * What one simulated run came to: one element of {@code results.json}.
 *
 * @param setting which setting of the method this was, such as {@code authors} or {@code best}
 * @param target held-out accuracy that ends the run
 * @param reached whether it did
 * @param seconds virtual time from the start (run published at 0) until the server decides the end
 * @param idealSeconds sequential SGD at the summed speed of all devices; NaN where not computed
 * @param bytesUp of the workers' updates
 * @param bytesDown of the model versions that workers pulled
 * @param bytesData of samples that workers fetched
 * @param bytesControl of all other records that workers sent or read
 * @param bytesEvaluator all that the evaluator sent or read
 * @param iterations of all workers
 * @param pushes of all workers
 * @param versions of the model, version 0 not counted
 * @param accuracy of the result on the test part, a fraction; not charged to the clock
 * @param heldOutAccuracy of the result, a fraction
 * @param waitingShare of the time that the devices were there, how much they waited for others
 * @param end why the run ended
 * @param hostile names of the devices that were, separated by blanks
 * @param expelled names of those that the server expelled, likewise
 */
public record RunResult(
        String testbed,
        String dataset,
        String model,
        String method,
        String setting,
        long seed,
        double target,
        boolean reached,
        double seconds,
        double idealSeconds,
        long bytesUp,
        long bytesDown,
        long bytesData,
        long bytesControl,
        long bytesEvaluator,
        long iterations,
        long pushes,
        long versions,
        double accuracy,
        double heldOutAccuracy,
        double waitingShare,
        String end,
        String hostile,
        String expelled) {}
