package org.hermesml.training.data;

import org.hermesml.core.message.SampleType;
import org.hermesml.training.Samples;

/** Samples of another set, all as they are but for what a subclass changes; shares their memory. */
public abstract class SamplesView implements Samples {
    private final Samples all;

    protected SamplesView(Samples all) {
        this.all = all;
    }

    @Override
    public int count() {
        return all.count();
    }

    @Override
    public int[] featureShape() {
        return all.featureShape();
    }

    @Override
    public int featureCount() {
        return all.featureCount();
    }

    @Override
    public int classCount() {
        return all.classCount();
    }

    @Override
    public void features(int index, float[] into, int offset) {
        all.features(index, into, offset);
    }

    @Override
    public int label(int index) {
        return all.label(index);
    }

    @Override
    public Samples origin() {
        return all.origin();
    }

    @Override
    public int positionInOrigin(int index) {
        return all.positionInOrigin(index);
    }

    @Override
    public SampleType storedType() {
        return all.storedType();
    }

    @Override
    public float featureScale() {
        return all.featureScale();
    }

    @Override
    public void stored(int index, byte[] into, int offset) {
        all.stored(index, into, offset);
    }
}
