package org.hermesml.training.dense;

import java.util.Map;
import java.util.WeakHashMap;
import org.hermesml.training.Samples;

/**
 * Samples without their zeros, made once for a set and shared by all engines of the process for as
 * long as the set lives: four fifths of the pixels of handwriting are zero, and unpacking them
 * costs as much as a step of training.
 */
final class SampleCache {
    /** A larger set is unpacked anew for each step: devices have small heaps. */
    private static final long LARGEST_BYTES =
            Math.min(256L << 20, Runtime.getRuntime().maxMemory() / 8);

    private static final int BYTES_PER_NUMBER = Float.BYTES + Character.BYTES;
    private static final Map<Samples, SampleCache> CACHES = new WeakHashMap<>();

    /** Null where the set is too large. */
    private final SparseRows rows;

    private SampleCache(SparseRows rows) {
        this.rows = rows;
    }

    /** All samples of {@code samples} by their position; null where they would take too much. */
    static SparseRows of(Samples samples) {
        synchronized (CACHES) {
            return CACHES.computeIfAbsent(samples, of -> new SampleCache(make(of))).rows;
        }
    }

    private static SparseRows make(Samples samples) {
        float[] row = new float[samples.featureCount()];
        long numbers = 0;
        for (int i = 0; i < samples.count(); i++) {
            samples.features(i, row, 0);
            for (float value : row) {
                numbers += value != 0 ? 1 : 0;
            }
            if (numbers * BYTES_PER_NUMBER > LARGEST_BYTES) {
                return null;
            }
        }
        // the last row must find room as if it had no zeros
        SparseRows rows = new SparseRows(samples.count(), Math.toIntExact(numbers) + row.length);
        for (int i = 0; i < samples.count(); i++) {
            samples.features(i, row, 0);
            rows.add(row);
        }
        return rows;
    }
}
