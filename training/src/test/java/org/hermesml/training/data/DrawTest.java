package org.hermesml.training.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class DrawTest {
    @Test
    void noSampleIsDrawnTwice() {
        for (int count : new int[] {1, 10, 99, 100}) {
            int[] drawn = Draw.distinct(count, 100, 3);
            assertEquals(count, Arrays.stream(drawn).distinct().count());
            assertTrue(Arrays.stream(drawn).allMatch(i -> i >= 0 && i < 100));
        }
    }

    @Test
    void moreThanThereIsGivesAllThereIs() {
        assertEquals(100, Draw.distinct(500, 100, 3).length);
    }

    @Test
    void theSameSeedDrawsTheSameAndEachClockHasItsOwn() {
        assertArrayEquals(Draw.distinct(10, 100, 3), Draw.distinct(10, 100, 3));
        assertEquals(Draw.seed(1, 1), Draw.seed(1, 1));
        assertFalse(
                Arrays.equals(
                        Draw.distinct(10, 100, Draw.seed(1, 1)),
                        Draw.distinct(10, 100, Draw.seed(1, 2))));
    }

    @Test
    void everySampleIsDrawnAboutAsOften() {
        int[] times = new int[50];
        for (int clock = 0; clock < 10_000; clock++) {
            for (int i : Draw.distinct(5, 50, Draw.seed(9, clock))) {
                times[i]++;
            }
        }
        // 1,000 expected each; five standard deviations of 30
        assertTrue(Arrays.stream(times).allMatch(t -> t > 850 && t < 1150), Arrays.toString(times));
    }

    @Test
    void fewNumbersAreTheFirstOfMany() {
        for (int of : new int[] {200, 1000, 60_000}) {
            for (long seed = 0; seed < 200; seed++) {
                int few = of / 64 - 1;
                assertArrayEquals(
                        Arrays.copyOf(Draw.distinct(of, of, seed), few),
                        Draw.distinct(few, of, seed));
            }
        }
    }
}
