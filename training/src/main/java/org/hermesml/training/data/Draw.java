package org.hermesml.training.data;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;

/** Which samples one iteration trains on. */
public final class Draw {
    /** One in so many: then the few are drawn faster than all are written down. */
    private static final int FEW = 64;

    /**
     * {@code count} distinct numbers below {@code of}, the same ones for the same seed. All of
     * them, in random order, where {@code count} is larger.
     */
    public static int[] distinct(int count, int of, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        return count < of / FEW ? few(count, of, random) : many(Math.min(count, of), of, random);
    }

    private static int[] many(int count, int of, SplittableRandom random) {
        int[] numbers = Shuffle.identity(of);
        for (int i = 0; i < count; i++) {
            int j = i + random.nextInt(of - i);
            int swapped = numbers[i];
            numbers[i] = numbers[j];
            numbers[j] = swapped;
        }
        return count == of ? numbers : Arrays.copyOf(numbers, count);
    }

    /** As {@link #many}, without writing down all the numbers that stay where they are. */
    private static int[] few(int count, int of, SplittableRandom random) {
        Map<Integer, Integer> moved = new HashMap<>(4 * count);
        int[] drawn = new int[count];
        for (int i = 0; i < count; i++) {
            int j = i + random.nextInt(of - i);
            Integer here = moved.remove(i);
            Integer there = j == i ? here : moved.put(j, here == null ? i : here);
            drawn[i] = there == null ? j : there;
        }
        return drawn;
    }

    /** Another seed for each clock, whatever the incarnation. */
    public static long seed(long allocationSeed, long clock) {
        return new SplittableRandom(allocationSeed ^ clock * 0x9e3779b97f4a7c15L).nextLong();
    }

    private Draw() {}
}
