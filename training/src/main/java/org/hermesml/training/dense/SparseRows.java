package org.hermesml.training.dense;

import java.util.Arrays;

/**
 * Rows of numbers without their zeros: of row r, {@code values[k]} stands at {@code positions[k]},
 * for k from {@code start(r)} to {@code start(r + 1)}.
 */
final class SparseRows {
    /** Most numbers of a row, and most rows of a mini-batch: positions are kept as char. */
    static final int WIDEST = 1 << 16;

    private int[] starts;
    private char[] positions;
    private float[] values;
    private int count;

    /** Empty, with room for so much; grows when it must. */
    SparseRows(int rows, int numbers) {
        starts = new int[rows + 1];
        positions = new char[numbers];
        values = new float[numbers];
    }

    void clear() {
        count = 0;
    }

    /** Appends a row. */
    void add(float[] row) {
        int end = starts[count];
        if (count + 2 > starts.length) {
            starts = Arrays.copyOf(starts, 2 * starts.length);
        }
        if (end + row.length > values.length) {
            int room = Math.addExact(end, Math.max(row.length, end / 2));
            positions = Arrays.copyOf(positions, room);
            values = Arrays.copyOf(values, room);
        }
        char[] intoPositions = positions;
        float[] intoValues = values;
        for (int i = 0; i < row.length; i++) {
            float value = row[i];
            // written always, kept only if not zero: no branch that could be guessed wrong
            intoPositions[end] = (char) i;
            intoValues[end] = value;
            end += value != 0 ? 1 : 0;
        }
        count++;
        starts[count] = end;
    }

    int start(int row) {
        return starts[row];
    }

    char[] positions() {
        return positions;
    }

    float[] values() {
        return values;
    }

    /** into += row * matrix, where {@code matrix[i]} belongs to position i. */
    void multiplyAdd(int row, float[][] matrix, float[] into) {
        Rows.add(into, values, positions, starts[row], starts[row + 1], matrix);
    }
}
