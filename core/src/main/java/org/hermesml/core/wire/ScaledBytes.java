package org.hermesml.core.wire;

import java.nio.ByteBuffer;

/**
 * Values as signed bytes that share a scale, in blocks of {@value #BLOCK} (the last one may be
 * shorter): the scale in fp32, largest magnitude / 127, then each value divided by it and rounded,
 * half to even. Off by half a scale at most.
 */
final class ScaledBytes {
    /** One scale for so many makes 1.6% more bytes; few enough that one large value spoils few. */
    static final int BLOCK = 256;

    private static final int SCALE_BYTES = 4;
    private static final int LARGEST = 127;

    static long bytes(long count) {
        return count + SCALE_BYTES * ((count + BLOCK - 1) / BLOCK);
    }

    /** Of what {@link #bytes} says. */
    static int count(int bytes) {
        int whole = BLOCK + SCALE_BYTES;
        return bytes / whole * BLOCK + Math.max(0, bytes % whole - SCALE_BYTES);
    }

    /**
     * @param into from its beginning on, little endian
     */
    static void encode(float[] from, int first, int count, ByteBuffer into) {
        for (int start = 0; start < count; start += BLOCK) {
            int end = first + Math.min(count, start + BLOCK);
            float scale = scale(from, first + start, end);
            into.putFloat(scale);
            for (int i = first + start; i < end; i++) {
                // in double, so that the quotient of two floats is not rounded to a tie
                into.put((byte) (scale > 0 ? Math.rint((double) from[i] / scale) : 0));
            }
        }
    }

    /**
     * NaN where a value is not finite, so that a reader finds nothing finite in the block; 0, which
     * takes all values with it, where the scale could not be told exactly enough.
     */
    private static float scale(float[] values, int first, int end) {
        float largest = 0;
        for (int i = first; i < end; i++) {
            float magnitude = Math.abs(values[i]);
            if (!(magnitude <= Float.MAX_VALUE)) {
                return Float.NaN;
            }
            largest = Math.max(largest, magnitude);
        }
        float scale = largest / LARGEST;
        return scale < Float.MIN_NORMAL ? 0 : scale;
    }

    static void decode(ByteBuffer from, float[] into, int first, int count) {
        for (int start = 0; start < count; start += BLOCK) {
            int end = first + Math.min(count, start + BLOCK);
            float scale = from.getFloat();
            for (int i = first + start; i < end; i++) {
                into[i] = from.get() * scale;
            }
        }
    }

    private ScaledBytes() {}
}
