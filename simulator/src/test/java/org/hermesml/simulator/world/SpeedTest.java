package org.hermesml.simulator.world;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.hermesml.simulator.testbed.SlowPhase;
import org.junit.jupiter.api.Test;

class SpeedTest {
    private static final long MS = 1_000_000;

    @Test
    void aStepTakesAFixedPartAndAPartForEachSample() {
        Speed speed = new Speed(5, 0.5, 0, List.of(), 1);
        // Two passes of three steps (16, 16 and 8 samples).
        assertEquals(2 * (3 * 5 + 20) * MS, speed.trained(0, 40, 16, 2));
    }

    @Test
    void anEvaluationTakesAThirdOfThat() {
        Speed speed = new Speed(6, 0.3, 0, List.of(), 1);
        // 300 samples in two forward passes.
        assertEquals(7 * MS + 2 * 2 * MS + 30 * MS, speed.evaluated(7 * MS, 300));
    }

    @Test
    void aSlowPhaseStretchesTheWorkThatFallsIntoIt() {
        Speed speed = new Speed(1000, 0, 0, List.of(new SlowPhase(2, 6, 4)), 1);
        assertEquals(1000 * MS, speed.trained(0, 16, 16, 1));
        // Half a second before the phase, half a second's work within it.
        assertEquals(4000 * MS, speed.trained(1500 * MS, 16, 16, 1));
        // The phase does a second's work, the rest comes after it.
        assertEquals(7000 * MS, speed.trained(2000 * MS, 32, 16, 1));
        assertEquals(7000 * MS, speed.trained(6000 * MS, 16, 16, 1));
    }

    @Test
    void jitterSpreadsWithinItsBoundsAndComesFromTheSeed() {
        Speed one = new Speed(100, 0, 0.2, List.of(), 7);
        Speed same = new Speed(100, 0, 0.2, List.of(), 7);
        Speed other = new Speed(100, 0, 0.2, List.of(), 8);
        assertNotEquals(one.trained(0, 16, 16, 1), other.trained(0, 16, 16, 1));
        same.trained(0, 16, 16, 1);
        for (int i = 0; i < 100; i++) {
            long ns = one.trained(0, 16, 16, 1);
            assertEquals(ns, same.trained(0, 16, 16, 1));
            assertTrue(ns >= 80 * MS && ns <= 120 * MS, ns + " ns");
        }
    }
}
