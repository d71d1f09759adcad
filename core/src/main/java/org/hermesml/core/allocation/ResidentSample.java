package org.hermesml.core.allocation;

import org.hermesml.core.message.DataIndex;
import org.hermesml.core.message.SampleType;

/** What one sample takes in a worker's memory. */
public final class ResidentSample {
    /** Held as a number, also where it travels in one byte. */
    private static final int LABEL_BYTES = 4;

    /** Features in the type they travel in, and the label. */
    public static int bytes(SampleType type, int featureCount) {
        int each = type == SampleType.UINT8 ? 1 : 4;
        return Math.addExact(Math.multiplyExact(featureCount, each), LABEL_BYTES);
    }

    public static int bytes(DataIndex data) {
        int features = data.getFeatureShapeList().stream().reduce(1, Math::multiplyExact);
        return bytes(data.getType(), features);
    }

    private ResidentSample() {}
}
