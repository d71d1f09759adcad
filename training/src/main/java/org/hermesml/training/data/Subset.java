package org.hermesml.training.data;

import org.hermesml.core.message.SampleType;
import org.hermesml.training.Samples;

/** Some samples of another set, in an order of their own; shares their memory. */
final class Subset implements Samples {
    private final Samples all;
    private final int[] positions;

    /** Takes {@code positions} over. */
    Subset(Samples all, int[] positions) {
        this.all = all;
        this.positions = positions;
    }

    @Override
    public int count() {
        return positions.length;
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
        all.features(positions[index], into, offset);
    }

    @Override
    public int label(int index) {
        return all.label(positions[index]);
    }

    @Override
    public Samples origin() {
        return all.origin();
    }

    @Override
    public int positionInOrigin(int index) {
        return all.positionInOrigin(positions[index]);
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
        all.stored(positions[index], into, offset);
    }
}
