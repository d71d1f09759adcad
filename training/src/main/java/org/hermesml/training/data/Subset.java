package org.hermesml.training.data;

import org.hermesml.training.Samples;

/** Some samples of another set, in an order of their own. */
final class Subset extends SamplesView {
    private final int[] positions;

    /** Takes {@code positions} over. */
    Subset(Samples all, int[] positions) {
        super(all);
        this.positions = positions;
    }

    @Override
    public int count() {
        return positions.length;
    }

    @Override
    public void features(int index, float[] into, int offset) {
        super.features(positions[index], into, offset);
    }

    @Override
    public int label(int index) {
        return super.label(positions[index]);
    }

    @Override
    public int positionInOrigin(int index) {
        return super.positionInOrigin(positions[index]);
    }

    @Override
    public void stored(int index, byte[] into, int offset) {
        super.stored(positions[index], into, offset);
    }
}
