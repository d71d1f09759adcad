package org.hermesml.core.allocation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Random;
import org.hermesml.core.allocation.DualSearch.Fit;
import org.hermesml.core.settings.Settings;
import org.junit.jupiter.api.Test;

final class DualSearchTest {
    private static final List<Integer> SIZES = List.of(2, 4, 8, 16, 32, 64);
    private static final DualSearch SEARCH = new DualSearch(5, SIZES, 16, 312, 0.15);

    @Test
    void withinItsLimitsOnlyTheNumberOfSamplesIsFitted() {
        Random random = new Random(11);
        for (int trial = 0; trial < 2_000; trial++) {
            StepCost cost =
                    new StepCost(0.01 * random.nextDouble() + 1e-6, 1e-3 * random.nextDouble());
            double n = 312 + random.nextInt(20_000 - 312);
            double target = cost.iterationSeconds(5, n, 16);
            Fit fit = SEARCH.fit(cost, target, 20_000, 16);
            assertEquals(16, fit.miniBatch(), fit.toString());
            assertEquals(n, fit.samples(), 0.51);
        }
    }

    @Test
    void aSlowDeviceTakesLargerMiniBatchesRatherThanTooFewSamples() {
        StepCost slow = new StepCost(0.1, 0);
        Fit fit = SEARCH.fit(slow, slow.iterationSeconds(5, 160, 16), 20_000, 16);
        assertEquals(32, fit.miniBatch());
        assertEquals(320, fit.samples());
        assertTrue(
                fit.reason().contains("mini-batch 32 because 16 would mean 160 samples"),
                fit.reason());
    }

    @Test
    void aFastDeviceWithoutMoreDataTakesSmallerMiniBatchesAndMoreSteps() {
        StepCost fast = new StepCost(0.001, 0);
        Fit fit = SEARCH.fit(fast, fast.iterationSeconds(5, 8_000, 16), 4_000, 16);
        assertEquals(8, fit.miniBatch());
        assertEquals(4_000, fit.samples());
    }

    @Test
    void untilTwoSizesAreKnownTheMiniBatchMovesOneSizeAtATime() {
        StepCost unknown = new StepCost(1, 0);
        double target = unknown.iterationSeconds(5, 40, 16);
        assertEquals(32, SEARCH.fit(unknown, target, 20_000, 16).miniBatch());
        StepCost known = new StepCost(1, 1e-9);
        assertEquals(64, SEARCH.fit(known, target, 20_000, 16).miniBatch());
    }

    @Test
    void whereNothingFitsTheNearestPairComesWithAReason() {
        StepCost cost = new StepCost(1, 0);
        Fit slow = SEARCH.fit(cost, 0.5, 20_000, 16);
        assertEquals(slow.miniBatch(), slow.samples(), "one mini-batch");
        assertTrue(slow.reason().contains("one mini-batch is the least"), slow.reason());
        Fit fast = SEARCH.fit(cost, 1e6, 100, 4);
        assertEquals(100, fast.samples());
        assertEquals(2, fast.miniBatch());
        assertTrue(fast.reason().contains("no more than 100 samples"), fast.reason());
    }

    @Test
    void targetsBelowASecondAreFittedToo() {
        StepCost cost = new StepCost(0.0004, 0);
        Fit fit = SEARCH.fit(cost, 0.25, 20_000, 16);
        assertEquals(2_000, fit.samples());
        assertEquals(0.25, fit.seconds(), 1e-9);
    }

    @Test
    void everyAnswerKeepsItsLimits() {
        Random random = new Random(5);
        for (int trial = 0; trial < 20_000; trial++) {
            StepCost cost =
                    new StepCost(
                            Math.exp(random.nextGaussian() * 4),
                            random.nextBoolean() ? 0 : Math.exp(random.nextGaussian() * 4));
            double target = Math.exp(random.nextGaussian() * 6);
            int most = 1 + random.nextInt(random.nextBoolean() ? 40 : 100_000);
            Fit fit = SEARCH.fit(cost, target, most, 1 + random.nextInt(70));
            assertTrue(fit.samples() <= most, fit + " of " + most);
            assertTrue(fit.samples() >= fit.miniBatch(), fit.toString());
            assertTrue(SIZES.contains(fit.miniBatch()) || fit.miniBatch() == most, fit.toString());
        }
    }

    @Test
    void withoutTheSearchTheMiniBatchStaysAndTheSamplesAloneAreFitted() {
        StepCost slow = new StepCost(2, 0.001);
        Settings searching = Settings.of(Map.of("samples", "2500", "mini_batch", "16"));
        assertNotEquals(16, DualSearch.of(searching).fit(slow, 20, 20_000, 16).miniBatch());
        Settings fixed = searching.with(Settings.MINI_BATCH_SEARCH, false);
        Fit fit = DualSearch.of(fixed).fit(slow, 20, 20_000, 16);
        assertEquals(16, fit.miniBatch());
        assertTrue(fit.samples() < 200, fit.toString());
    }

    @Test
    void theMiniBatchThatIsSetIsAlwaysAChoice() {
        DualSearch search = new DualSearch(1, SIZES, 10, 100, 0.15);
        StepCost cost = new StepCost(0.01, 0);
        assertEquals(
                10, search.fit(cost, cost.iterationSeconds(1, 1_000, 10), 5_000, 10).miniBatch());
    }
}
