package org.hermesml.training.data;

/**
 * Samples as they lie in memory: features in their own type, labels as numbers. Checked once when
 * made; never changed.
 */
public final class DecodedBlock {
    private final byte[] features;
    private final int[] labels;
    private final int bytesPerSample;

    /** Takes both arrays over: {@code features} holds {@code labels.length} rows. */
    public DecodedBlock(SampleLayout layout, byte[] features, int[] labels) {
        this.features = features;
        this.labels = labels;
        this.bytesPerSample = layout.bytesPerSample();
    }

    public int count() {
        return labels.length;
    }

    /** What it occupies here. */
    public long bytes() {
        return (long) bytesPerSample * labels.length;
    }

    byte[] features() {
        return features;
    }

    int label(int index) {
        return labels[index];
    }
}
