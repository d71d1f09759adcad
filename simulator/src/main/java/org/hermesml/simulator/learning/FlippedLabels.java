package org.hermesml.simulator.learning;

import org.hermesml.core.message.SampleType;
import org.hermesml.training.Samples;

/** Samples as a hostile device sees them: the last class for the first, and so on. */
final class FlippedLabels implements Samples {
    private final Samples honest;

    FlippedLabels(Samples honest) {
        this.honest = honest;
    }

    @Override
    public int label(int index) {
        return honest.classCount() - 1 - honest.label(index);
    }

    @Override
    public int count() {
        return honest.count();
    }

    @Override
    public int[] featureShape() {
        return honest.featureShape();
    }

    @Override
    public int featureCount() {
        return honest.featureCount();
    }

    @Override
    public int classCount() {
        return honest.classCount();
    }

    @Override
    public void features(int index, float[] into, int offset) {
        honest.features(index, into, offset);
    }

    @Override
    public Samples origin() {
        return honest.origin();
    }

    @Override
    public int positionInOrigin(int index) {
        return honest.positionInOrigin(index);
    }

    @Override
    public SampleType storedType() {
        return honest.storedType();
    }

    @Override
    public float featureScale() {
        return honest.featureScale();
    }

    @Override
    public void stored(int index, byte[] into, int offset) {
        honest.stored(index, into, offset);
    }
}
