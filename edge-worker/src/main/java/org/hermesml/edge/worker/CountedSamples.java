package org.hermesml.edge.worker;

import java.util.concurrent.atomic.AtomicLong;
import org.hermesml.training.Samples;
import org.hermesml.training.data.SamplesView;

/** Samples that count how many of them have been taken: so an iteration shows that it gets on. */
final class CountedSamples extends SamplesView {
    private final AtomicLong taken;

    /**
     * @param taken grows by one for each sample
     */
    CountedSamples(Samples samples, AtomicLong taken) {
        super(samples);
        this.taken = taken;
    }

    @Override
    public int label(int index) {
        // Asked once for each sample of a step; only one thread writes.
        taken.setOpaque(taken.getPlain() + 1);
        return super.label(index);
    }
}
