package org.hermesml.core.allocation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.hermesml.core.state.StepTime;
import org.junit.jupiter.api.Test;

final class StepCostTest {
    @Test
    void oneMiniBatchSizeTellsOnlyTheCostOfAStep() {
        StepCost cost = StepCost.of(List.of(time(30.1, 2500, 16, 5)));
        assertEquals(0.038528, cost.stepSeconds(16), 1e-12);
        assertEquals(0.038528, cost.stepSeconds(64), 1e-12);
        assertEquals(30.1, cost.iterationSeconds(5, 2500, 16), 1e-9);
    }

    @Test
    void twoMiniBatchSizesTellBothParts() {
        StepCost cost = StepCost.of(List.of(step(0.002, 0.0005, 16), step(0.002, 0.0005, 64)));
        assertEquals(0.002, cost.k0(), 1e-12);
        assertEquals(0.0005, cost.k1(), 1e-12);
    }

    @Test
    void neitherPartIsEverNegative() {
        Random random = new Random(3);
        for (int trial = 0; trial < 1_000; trial++) {
            List<StepTime> times = new ArrayList<>();
            for (int i = 0; i < 1 + random.nextInt(6); i++) {
                times.add(
                        time(
                                random.nextDouble() + 1e-6,
                                1 + random.nextInt(3000),
                                1 << random.nextInt(7),
                                5));
            }
            StepCost cost = StepCost.of(times);
            assertTrue(cost.k0() >= 0 && cost.k1() >= 0, cost + " of " + times);
            assertTrue(cost.stepSeconds(1) > 0, cost + " of " + times);
        }
    }

    @Test
    void oneHiccupDoesNotMoveTheLevel() {
        StepCost cost =
                StepCost.of(List.of(time(1, 160, 16, 1), time(9, 160, 16, 1), time(1, 160, 16, 1)));
        assertEquals(1, cost.iterationSeconds(1, 160, 16), 1e-9);
    }

    @Test
    void aDeviceThatSlowsDownIsSeenOnceMostNewestTimesSaySo() {
        List<StepTime> times =
                new ArrayList<>(List.of(step(0.002, 0.0005, 16), step(0.002, 0.0005, 64)));
        for (int i = 0; i < 3; i++) {
            times.add(step(0.004, 0.001, 16));
        }
        StepCost cost = StepCost.of(times);
        assertEquals(0.004 + 16 * 0.001, cost.stepSeconds(16), 1e-9);
    }

    private static StepTime step(double k0, double k1, int b) {
        return time(k0 + k1 * b, b, b, 1);
    }

    private static StepTime time(double seconds, int samples, int b, int epochs) {
        return StepTime.newBuilder()
                .setSeconds(seconds)
                .setSamples(samples)
                .setMiniBatch(b)
                .setEpochs(epochs)
                .build();
    }
}
