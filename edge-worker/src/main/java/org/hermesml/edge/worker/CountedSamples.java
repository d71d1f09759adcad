package org.hermesml.edge.worker;

import java.util.concurrent.atomic.AtomicLong;
import org.hermesml.core.message.SampleType;
import org.hermesml.training.Samples;

/** Samples that count how many of them have been taken: so an iteration shows that it gets on. */
final class CountedSamples implements Samples {
    private final Samples samples;
    private final AtomicLong taken;

    /**
     * @param taken grows by one for each sample
     */
    CountedSamples(Samples samples, AtomicLong taken) {
        this.samples = samples;
        this.taken = taken;
    }

    @Override
    public int label(int index) {
        // Asked once for each sample of a step; only one thread writes.
        taken.setOpaque(taken.getPlain() + 1);
        return samples.label(index);
    }

    @Override
    public int count() {
        return samples.count();
    }

    @Override
    public int[] featureShape() {
        return samples.featureShape();
    }

    @Override
    public int classCount() {
        return samples.classCount();
    }

    @Override
    public void features(int index, float[] into, int offset) {
        samples.features(index, into, offset);
    }

    @Override
    public Samples origin() {
        return samples.origin();
    }

    @Override
    public int positionInOrigin(int index) {
        return samples.positionInOrigin(index);
    }

    @Override
    public int featureCount() {
        return samples.featureCount();
    }

    @Override
    public SampleType storedType() {
        return samples.storedType();
    }

    @Override
    public float featureScale() {
        return samples.featureScale();
    }

    @Override
    public void stored(int index, byte[] into, int offset) {
        samples.stored(index, into, offset);
    }
}
