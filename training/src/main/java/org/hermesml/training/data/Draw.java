package org.hermesml.training.data;

import java.util.Arrays;
import java.util.SplittableRandom;

/** Which samples one iteration trains on. */
public final class Draw {
    /**
     * {@code count} distinct numbers below {@code of}, the same ones for the same seed. All of
     * them, in random order, where {@code count} is larger.
     */
    public static int[] distinct(int count, int of, long seed) {
        int[] numbers = new int[of];
        for (int i = 0; i < of; i++) {
            numbers[i] = i;
        }
        SplittableRandom random = new SplittableRandom(seed);
        int drawn = Math.min(count, of);
        for (int i = 0; i < drawn; i++) {
            int j = i + random.nextInt(of - i);
            int swapped = numbers[i];
            numbers[i] = numbers[j];
            numbers[j] = swapped;
        }
        return drawn == of ? numbers : Arrays.copyOf(numbers, drawn);
    }

    /** Another seed for each clock, whatever the incarnation. */
    public static long seed(long allocationSeed, long clock) {
        return new SplittableRandom(allocationSeed ^ clock * 0x9e3779b97f4a7c15L).nextLong();
    }

    private Draw() {}
}
