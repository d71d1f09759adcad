package org.hermesml.training.dense;

import java.util.Arrays;

/** The rows of one mini-batch turned round: for each position, the rows that are not zero there. */
final class SparseColumns {
    private final int[] ends;
    private char[] rows = new char[0];
    private float[] values = new float[0];

    SparseColumns(int width) {
        ends = new int[width];
    }

    /**
     * @param chosen the rows of {@code from} that make up the mini-batch, {@code count} of them
     * @param factor of each number
     */
    void fill(SparseRows from, int[] chosen, int count, float factor) {
        char[] positions = from.positions();
        float[] numbers = from.values();
        int total = 0;
        Arrays.fill(ends, 0);
        for (int row = 0; row < count; row++) {
            int end = from.start(chosen[row] + 1);
            for (int k = from.start(chosen[row]); k < end; k++) {
                ends[positions[k]]++;
                total++;
            }
        }
        if (total > rows.length) {
            rows = new char[total + total / 4];
            values = new float[total + total / 4];
        }
        int before = 0;
        for (int i = 0; i < ends.length; i++) {
            int size = ends[i];
            ends[i] = before;
            before += size;
        }
        for (int row = 0; row < count; row++) {
            int end = from.start(chosen[row] + 1);
            for (int k = from.start(chosen[row]); k < end; k++) {
                int at = ends[positions[k]]++;
                rows[at] = (char) row;
                values[at] = numbers[k] * factor;
            }
        }
    }

    /** matrix += transposed columns * errors, with one row of errors for each row of the batch. */
    void multiplyAdd(float[][] errors, float[][] matrix) {
        int from = 0;
        for (int i = 0; i < ends.length; i++) {
            Rows.add(matrix[i], values, rows, from, ends[i], errors);
            from = ends[i];
        }
    }
}
