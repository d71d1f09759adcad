package org.hermesml.training;

/** Labelled samples, read by position. Immutable. */
public interface Samples {
    int count();

    /** Shape of one sample, channels first: {@code [1, 28, 28]}. */
    int[] featureShape();

    int classCount();

    /**
     * Copies the features of sample {@code index}, scaled for training, to {@code into} from {@code
     * offset} on.
     */
    void features(int index, float[] into, int offset);

    /** Class of sample {@code index}, from 0. */
    int label(int index);
}
