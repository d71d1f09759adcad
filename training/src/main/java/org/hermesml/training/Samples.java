package org.hermesml.training;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.hermesml.core.message.SampleType;

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

    /**
     * The set that this one is a selection of; itself where it is none. What is kept for a set, its
     * selections share.
     */
    default Samples origin() {
        return this;
    }

    /** Where sample {@code index} stands in {@link #origin}. */
    default int positionInOrigin(int index) {
        return index;
    }

    /** Numbers in one sample: the product of its shape. */
    default int featureCount() {
        int count = 1;
        for (int size : featureShape()) {
            count *= size;
        }
        return count;
    }

    /** How the features are kept and travel. */
    default SampleType storedType() {
        return SampleType.FLOAT32;
    }

    /** Feature = stored value * scale. */
    default float featureScale() {
        return 1;
    }

    /**
     * Copies sample {@code index} as stored, unscaled and little endian, to {@code into} from
     * {@code offset} on.
     */
    default void stored(int index, byte[] into, int offset) {
        float[] features = new float[featureCount()];
        features(index, features, 0);
        ByteBuffer.wrap(into, offset, 4 * features.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer()
                .put(features);
    }
}
