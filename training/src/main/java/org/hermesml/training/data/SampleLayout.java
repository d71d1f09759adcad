package org.hermesml.training.data;

import org.hermesml.core.allocation.ResidentSample;
import org.hermesml.core.message.DataIndex;
import org.hermesml.core.message.SampleType;
import org.hermesml.training.Samples;
import org.hermesml.training.TrainingException;

/**
 * What all blocks of one data set have in common.
 *
 * @param shape of one sample, channels first; not to be changed
 * @param scale feature = stored value * scale
 */
public record SampleLayout(SampleType type, int[] shape, int classCount, float scale) {
    /** Above any sample an edge device could train on; keeps sizes inside an int. */
    private static final long MAX_FEATURES = 1 << 26;

    public SampleLayout {
        if (type != SampleType.UINT8 && type != SampleType.FLOAT32) {
            throw new TrainingException(
                    "The data set has sample type "
                            + type
                            + ", which this worker cannot read: UINT8 or FLOAT32.");
        }
        long features = shape.length == 0 ? 0 : 1;
        for (int size : shape) {
            features = size < 1 ? 0 : Math.min(features * size, MAX_FEATURES + 1);
        }
        if (features < 1 || features > MAX_FEATURES) {
            throw new TrainingException(
                    "The data set has the feature shape "
                            + java.util.Arrays.toString(shape)
                            + ": every size must be at least 1, their product at most "
                            + MAX_FEATURES
                            + ".");
        }
        if (classCount < 2) {
            throw new TrainingException(
                    "The data set has " + classCount + " classes: at least 2 are needed.");
        }
        if (!Float.isFinite(scale) || scale == 0) {
            throw new TrainingException(
                    "The data set has the feature scale " + scale + ": it must be finite, not 0.");
        }
    }

    /** As published with a run. */
    public static SampleLayout of(DataIndex index) {
        int[] shape = index.getFeatureShapeList().stream().mapToInt(Integer::intValue).toArray();
        return new SampleLayout(
                index.getType(), shape, index.getClassCount(), index.getFeatureScale());
    }

    public static SampleLayout of(Samples samples) {
        return new SampleLayout(
                samples.storedType(),
                samples.featureShape(),
                samples.classCount(),
                samples.featureScale());
    }

    /** The fields of an index that say how to read its blocks. */
    public DataIndex.Builder index() {
        DataIndex.Builder index =
                DataIndex.newBuilder()
                        .setType(type)
                        .setClassCount(classCount)
                        .setFeatureScale(scale);
        for (int size : shape) {
            index.addFeatureShape(size);
        }
        return index;
    }

    public int featureCount() {
        int count = 1;
        for (int size : shape) {
            count *= size;
        }
        return count;
    }

    public int bytesPerFeature() {
        return type == SampleType.UINT8 ? 1 : 4;
    }

    /** As it travels. */
    public int bytesPerLabel() {
        return classCount <= 256 ? 1 : 4;
    }

    /** Features and label of one sample as they travel. */
    int bytesPerTravellingSample() {
        return featureCount() * bytesPerFeature() + bytesPerLabel();
    }

    /** Features and label of one sample as they lie in memory. */
    public int bytesPerSample() {
        return ResidentSample.bytes(type, featureCount());
    }
}
