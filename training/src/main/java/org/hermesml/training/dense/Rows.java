package org.hermesml.training.dense;

/**
 * The inner loops. Each row is an array of its own, read from 0 on: the compiler turns such loops
 * into vector instructions, and loops over slices of one big array not (five times slower).
 */
final class Rows {
    /** into += a * first. */
    static void add(float[] into, float a, float[] first) {
        int length = into.length;
        for (int j = 0; j < length; j++) {
            into[j] += a * first[j];
        }
    }

    /** into += a * first + b * second + c * third + d * fourth. */
    static void add(
            float[] into,
            float a,
            float[] first,
            float b,
            float[] second,
            float c,
            float[] third,
            float d,
            float[] fourth) {
        int length = into.length;
        for (int j = 0; j < length; j++) {
            into[j] += (a * first[j] + b * second[j]) + (c * third[j] + d * fourth[j]);
        }
    }

    /** into += values[k] * rows[positions[k]] for k in [from, to). */
    static void add(
            float[] into, float[] values, char[] positions, int from, int to, float[][] rows) {
        int k = from;
        for (; k + 3 < to; k += 4) {
            add(
                    into,
                    values[k],
                    rows[positions[k]],
                    values[k + 1],
                    rows[positions[k + 1]],
                    values[k + 2],
                    rows[positions[k + 2]],
                    values[k + 3],
                    rows[positions[k + 3]]);
        }
        for (; k < to; k++) {
            add(into, values[k], rows[positions[k]]);
        }
    }

    private Rows() {}
}
