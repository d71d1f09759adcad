package org.hermesml.core.allocation;

import org.hermesml.core.allocation.AllocationRound.Standing;
import org.hermesml.core.settings.Settings;
import org.hermesml.core.state.WorkerLoad;

/** How fast workers are, from their own reports. Safe for any number of threads. */
final class Measurements {
    private final int epochs;
    private final int samples;
    private final int miniBatch;
    private final int every;
    private final TrainingBlocks blocks;

    Measurements(Settings settings, TrainingBlocks blocks) {
        this.epochs = settings.get(Settings.LOCAL_EPOCHS);
        this.samples = settings.get(Settings.SAMPLES);
        this.miniBatch = settings.get(Settings.MINI_BATCH);
        this.every = settings.get(Settings.ALLOCATION_EVERY);
        this.blocks = blocks;
    }

    static boolean isMeasured(WorkerLoad load) {
        return load.getTimesCount() > 0;
    }

    /** Whether it has gone on long enough since its last change. */
    boolean mayChange(WorkerLoad load) {
        return load.getFittedGeneration() == 0 || load.getIterationsSinceChange() >= every;
    }

    /**
     * A worker's time is what its measured steps predict for the allocation that it has now. For an
     * unchanged allocation that is the measured time; for one just changed it does not mistake the
     * last iteration under the old one for the new.
     *
     * @param load measured
     */
    Standing of(WorkerLoad load) {
        StepCost cost = StepCost.of(load.getTimesList());
        int n = load.getAllocation().getSamples();
        int b = load.getAllocation().getMiniBatch();
        return new Standing(
                cost.iterationSeconds(epochs, n, b),
                cost.iterationSeconds(epochs, samples, miniBatch),
                load.getOverheadSeconds(),
                cost,
                n,
                b,
                blocks.mostSamples(load),
                mayChange(load));
    }
}
