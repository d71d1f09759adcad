package org.hermesml.training.data;

import java.util.SplittableRandom;

/** Random order (Fisher and Yates). */
public final class Shuffle {
    /** {@code 0, 1, ... count - 1}. */
    public static int[] identity(int count) {
        int[] positions = new int[count];
        for (int i = 0; i < count; i++) {
            positions[i] = i;
        }
        return positions;
    }

    public static void shuffle(int[] values, SplittableRandom random) {
        for (int i = values.length - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int kept = values[i];
            values[i] = values[j];
            values[j] = kept;
        }
    }

    private Shuffle() {}
}
