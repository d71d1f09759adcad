package org.hermesml.training;

import java.util.Arrays;
import org.hermesml.core.InputException;

/** Samples that lie in memory: what a Java program hands over. */
public final class ArraySamples implements Samples {
    private final int[] featureShape;
    private final int classCount;
    private final float[][] features;
    private final int[] labels;

    private ArraySamples(int[] featureShape, int classCount, float[][] features, int[] labels) {
        this.featureShape = featureShape;
        this.classCount = classCount;
        this.features = features;
        this.labels = labels;
    }

    /**
     * @param featureShape of one sample, channels first: {@code [1, 28, 28]}, or {@code [46]}
     * @param classCount at least 2
     * @param features {@code [samples][product of featureShape]}, as they shall enter training;
     *     taken over, not copied
     * @param labels {@code [samples]}, each from 0 to {@code classCount - 1}; taken over
     * @throws InputException naming the first sample that does not fit
     */
    public static ArraySamples of(
            int[] featureShape, int classCount, float[][] features, int[] labels) {
        int width = Arrays.stream(featureShape).reduce(1, Math::multiplyExact);
        if (features.length != labels.length || features.length == 0) {
            throw new InputException(
                    features.length
                            + " samples came with "
                            + labels.length
                            + " labels: there must be as many, and at least one.");
        }
        for (int i = 0; i < features.length; i++) {
            if (features[i].length != width) {
                throw new InputException(
                        "Sample "
                                + i
                                + " has "
                                + features[i].length
                                + " numbers where the shape "
                                + Arrays.toString(featureShape)
                                + " has "
                                + width
                                + ".");
            }
            if (labels[i] < 0 || labels[i] >= classCount) {
                throw new InputException(
                        "Sample "
                                + i
                                + " has the label "
                                + labels[i]
                                + ": 0 to "
                                + (classCount - 1)
                                + " are allowed.");
            }
        }
        return new ArraySamples(featureShape.clone(), classCount, features, labels);
    }

    @Override
    public int count() {
        return labels.length;
    }

    @Override
    public int[] featureShape() {
        return featureShape.clone();
    }

    @Override
    public int classCount() {
        return classCount;
    }

    @Override
    public void features(int index, float[] into, int offset) {
        System.arraycopy(features[index], 0, into, offset, features[index].length);
    }

    @Override
    public int label(int index) {
        return labels[index];
    }
}
