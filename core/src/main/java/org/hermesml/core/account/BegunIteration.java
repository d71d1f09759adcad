package org.hermesml.core.account;

import org.hermesml.core.message.Allocation;
import org.hermesml.core.message.IterationReport;
import org.hermesml.core.message.PushState;
import org.hermesml.core.method.PushRule.Observation;
import org.hermesml.core.method.PushRule.PushStep;

/**
 * What a worker's iteration begins with, and how its report is made when it is over.
 *
 * @param clock of the iteration, from 1
 * @param baseVersion the model version that the worker last pulled
 * @param allocation in force
 * @param samples drawn
 * @param residentBlocks that they were drawn from
 */
public record BegunIteration(
        long clock, long baseVersion, Allocation allocation, int samples, int residentBlocks) {
    /**
     * All of the report but what is known only when it is sent: whether it pushes, bytes, memory,
     * overhead.
     *
     * @param seconds that training took
     * @param before the push rule's state before {@code step}
     */
    public IterationReport.Builder report(
            double trainLoss, double seconds, PushState before, Observation seen, PushStep step) {
        return IterationReport.newBuilder()
                .setClock(clock)
                .setBaseVersion(baseVersion)
                .setTrainLoss(trainLoss)
                .setHeldOutLoss(seen.heldOutLoss())
                .setHeldOutAccuracy(seen.heldOutAccuracy())
                .setUpdateNorm(seen.updateNorm())
                .setSeconds(seconds)
                .setSamples(samples)
                .setMiniBatch(allocation.getMiniBatch())
                .setEpochs(allocation.getEpochs())
                .setBefore(before)
                .setZ(step.z())
                .setThreshold(step.threshold())
                .setAllocation(allocation.getGeneration())
                .setResidentBlocks(residentBlocks);
    }
}
