package org.hermesml.simulator.world;

import java.util.function.Supplier;
import org.hermesml.core.message.Allocation;
import org.hermesml.core.message.IterationReport;
import org.hermesml.core.message.PushState;
import org.hermesml.core.method.PushRule.Observation;
import org.hermesml.core.method.PushRule.PushStep;
import org.hermesml.simulator.learning.Learning.Trained;
import org.hermesml.training.Engine.Evaluation;

/** One iteration of a device, from its first step to the decision whether to push. */
final class Iteration {
    private final long clock;
    private final Allocation allocation;
    private final int samples;
    private final double seconds;
    private final Supplier<Trained> under;
    private Trained trained;
    private double norm;
    private PushStep step;

    /**
     * @param samples drawn
     * @param seconds that training takes
     * @param under waits for what is computed
     */
    Iteration(
            long clock,
            Allocation allocation,
            int samples,
            double seconds,
            Supplier<Trained> under) {
        this.clock = clock;
        this.allocation = allocation;
        this.samples = samples;
        this.seconds = seconds;
        this.under = under;
    }

    /**
     * Training is over.
     *
     * @throws org.hermesml.training.TrainingException when the model diverged
     */
    Trained trained() {
        if (trained == null) {
            trained = under.get();
        }
        return trained;
    }

    /**
     * @param updateNorm 0 where it was not measured
     */
    Observation seen(double updateNorm) {
        norm = updateNorm;
        return new Observation(loss(), accuracy(), updateNorm);
    }

    void decided(PushStep decided) {
        step = decided;
    }

    PushStep step() {
        return step;
    }

    private double loss() {
        Evaluation heldOut = trained.heldOut();
        return heldOut == null ? Double.NaN : heldOut.loss();
    }

    private double accuracy() {
        Evaluation heldOut = trained.heldOut();
        return heldOut == null ? Double.NaN : heldOut.accuracy();
    }

    /** What is the iteration's own in its report. */
    IterationReport.Builder report(PushState before) {
        return IterationReport.newBuilder()
                .setClock(clock)
                .setTrainLoss(trained.loss())
                .setHeldOutLoss(loss())
                .setHeldOutAccuracy(accuracy())
                .setUpdateNorm(norm)
                .setSeconds(seconds)
                .setSamples(samples)
                .setMiniBatch(allocation.getMiniBatch())
                .setEpochs(allocation.getEpochs())
                .setBefore(before)
                .setZ(step.z())
                .setThreshold(step.threshold())
                .setAllocation(allocation.getGeneration());
    }
}
