package org.hermesml.core.allocation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Random;
import org.hermesml.core.settings.Settings;
import org.hermesml.core.state.MembershipChange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How much each worker is given, by its speed. */
final class FittedAllocationTest {
    @Test
    void officialFitsNobodyBeforeEveryLiveWorkerHasReported() {
        Fleet fleet = new Fleet(Fleet.asReleased("method", "official"), Fleet.BLOCKS);
        fleet.join("a", Fleet.AMPLE);
        fleet.join("b", Fleet.AMPLE);
        fleet.join("c", Fleet.AMPLE);
        for (int i = 0; i < 5; i++) {
            fleet.iterate("a", 0.01, 0);
            fleet.iterate("b", 0.04, 0);
        }
        assertEquals(2500, fleet.allocation("b").getSamples());
        fleet.iterate("c", 0.01, 0);
        assertNotEquals(2500, fleet.allocation("b").getSamples());
    }

    @Test
    void whoHasReportedIsFittedThoughASlowOneHasNot() {
        Fleet fleet = new Fleet(Fleet.FIVE_EPOCHS, Fleet.BLOCKS);
        fleet.join("a", Fleet.AMPLE);
        fleet.join("b", Fleet.AMPLE);
        fleet.join("c", Fleet.AMPLE);
        fleet.iterate("a", 0.01, 0);
        fleet.iterate("b", 0.04, 0);
        assertNotEquals(2500, fleet.allocation("b").getSamples());
        assertEquals(2500, fleet.allocation("c").getSamples());
    }

    @Test
    void aFirstIterationIsShortAndTheNextFitted() {
        Fleet fleet = Fleet.fourUnequal(Fleet.asReleased("probe", "0.2"));
        for (String worker : List.of("a", "b", "c", "d")) {
            assertEquals(500, fleet.allocation(worker).getSamples());
            assertEquals("to learn its speed", fleet.allocation(worker).getReason());
        }
        for (String worker : List.of("a", "b", "c", "d")) {
            fleet.iterate(worker, fleet.stepOf(worker), 0);
        }
        double target = 5 * 2500 / 16.0 * (0.011 + 0.02) / 2;
        assertEquals(target, fleet.seconds("d"), 0.15 * target);
    }

    @Test
    void withoutAllocationThereIsNothingToLearn() {
        Fleet fleet =
                new Fleet(Fleet.asReleased("probe", "0.2", "allocation", "false"), Fleet.BLOCKS);
        fleet.join("a", Fleet.AMPLE);
        assertEquals(2500, fleet.allocation("a").getSamples());
    }

    @Test
    void allAreFittedToTheWantedQuantile() {
        for (String quantile : List.of("0", "0.5", "1")) {
            Fleet fleet = Fleet.fourUnequal(Fleet.asReleased("allocation_target", quantile));
            for (int i = 0; i < 8; i++) {
                for (String worker : List.of("a", "b", "c", "d")) {
                    fleet.iterate(worker, fleet.stepOf(worker), 0);
                }
            }
            double step = Map.of("0", 0.01, "0.5", (0.011 + 0.02) / 2, "1", 0.04).get(quantile);
            double target = 5 * 2500 / 16.0 * step;
            for (String worker : List.of("a", "b", "c", "d")) {
                assertEquals(target, fleet.seconds(worker), 0.15 * target, quantile + worker);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 30, 30", "2, 30, 60", "0, 30, 12.1", "1, 5, 12.1", "3, 0, 12.1"})
    void allTrainAtLeastAsLongAsTheyEvaluatePushAndPull(
            String leastTraining, double overhead, double target) {
        Fleet fleet = Fleet.fourUnequal(Fleet.asReleased("least_training", leastTraining));
        for (int i = 0; i < 10; i++) {
            // One that pushes seldom tells now and then only.
            fleet.overheadSeconds = i % 3 == 0 ? overhead : 0;
            for (String worker : List.of("a", "b", "c", "d")) {
                fleet.iterate(worker, fleet.stepOf(worker), 0);
            }
        }
        for (String worker : List.of("a", "b", "c", "d")) {
            assertEquals(target, fleet.seconds(worker), 0.15 * target, worker);
        }
    }

    @Test
    void whatOneHasNotToldIsNotTakenForNothing() {
        Fleet fleet = Fleet.fourUnequal(Fleet.asReleased());
        for (int i = 0; i < 10; i++) {
            for (String worker : List.of("a", "b", "c", "d")) {
                fleet.overheadSeconds = worker.equals("c") ? 30 : 0;
                fleet.iterate(worker, fleet.stepOf(worker), 0);
            }
        }
        assertEquals(30, fleet.seconds("a"), 0.15 * 30);
        assertEquals(30, fleet.state().getWorkersOrThrow("c").getOverheadSeconds());
    }

    @Test
    void anOverheadThatIsNoNumberOfSecondsChangesNothing() {
        Fleet fleet = Fleet.fourUnequal(Fleet.asReleased());
        fleet.overheadSeconds = 2;
        fleet.iterate("a", fleet.stepOf("a"), 0);
        for (double wrong : new double[] {Double.NaN, Double.POSITIVE_INFINITY, -1}) {
            fleet.overheadSeconds = wrong;
            fleet.iterate("a", fleet.stepOf("a"), 0);
            assertEquals(2, fleet.state().getWorkersOrThrow("a").getOverheadSeconds());
        }
    }

    @Test
    void theOfficialMethodMindsNoOverhead() {
        Fleet plain = Fleet.fourUnequal(Fleet.asReleased("method", "official"));
        Fleet slow =
                Fleet.fourUnequal(Fleet.asReleased("method", "official", "least_training", "10"));
        slow.overheadSeconds = 100;
        for (int i = 0; i < 10; i++) {
            for (String worker : List.of("a", "b", "c", "d")) {
                plain.iterate(worker, plain.stepOf(worker), 0);
                slow.iterate(worker, slow.stepOf(worker), 0);
                assertEquals(plain.allocation(worker), slow.allocation(worker));
            }
        }
        assertTrue(plain.changes > 4, "somebody is fitted");
    }

    @Test
    void oneThatIsSilentIsNotWaitedFor() {
        Fleet fleet = new Fleet(Fleet.FIVE_EPOCHS, Fleet.BLOCKS);
        fleet.join("a", Fleet.AMPLE);
        fleet.join("b", Fleet.AMPLE);
        fleet.join("c", Fleet.AMPLE);
        fleet.leave("c", MembershipChange.SILENT);
        fleet.iterate("a", 0.01, 0);
        fleet.iterate("b", 0.04, 0);
        assertNotEquals(2500, fleet.allocation("b").getSamples());
    }

    @Test
    void allFinishTogetherAfterOneRound() {
        Fleet fleet = Fleet.fourUnequal(Fleet.FIVE_EPOCHS);
        for (int i = 0; i < 4; i++) {
            for (String worker : List.of("a", "b", "c", "d")) {
                fleet.iterate(worker, fleet.stepOf(worker), 0);
            }
        }
        List<Double> times =
                List.of("a", "b", "c", "d").stream().map(w -> fleet.seconds(w)).toList();
        double median = Quartiles.of(times.stream().mapToDouble(t -> t).toArray()).median();
        times.forEach(t -> assertEquals(median, t, 0.15 * median, times.toString()));
    }

    @Test
    void equalSpeedsNeverFlap() {
        Fleet fleet = new Fleet(Fleet.FIVE_EPOCHS, Fleet.BLOCKS);
        Random noise = new Random(1);
        for (String worker : List.of("a", "b", "c", "d", "e")) {
            fleet.join(worker, Fleet.AMPLE);
        }
        int before = fleet.changes;
        for (int i = 0; i < 200; i++) {
            for (String worker : List.of("a", "b", "c", "d", "e")) {
                fleet.iterate(worker, 0.01 * (1 + 0.05 * noise.nextGaussian()), 0);
            }
        }
        assertTrue(fleet.changes - before <= 2, (fleet.changes - before) + " changes");
    }

    @Test
    void unequalSpeedsSettleAndStaySettled() {
        Fleet fleet = Fleet.fourUnequal(Fleet.FIVE_EPOCHS);
        Random noise = new Random(4);
        int settled = 0;
        for (int i = 0; i < 120; i++) {
            settled = i == 40 ? fleet.changes : settled;
            for (String worker : List.of("a", "b", "c", "d")) {
                fleet.iterate(worker, fleet.stepOf(worker), 0.03 * noise.nextGaussian());
            }
        }
        assertTrue(fleet.changes - settled <= 4, (fleet.changes - settled) + " changes");
    }

    @Test
    void aVerySlowDeviceEndsOnTargetThoughTheCostOfItsSamplesIsUnknownAtFirst() {
        Fleet fleet = Fleet.fourUnequal(Fleet.FIVE_EPOCHS);
        for (int i = 0; i < 30; i++) {
            for (String worker : List.of("a", "b", "c")) {
                fleet.iterate(worker, fleet.stepOf(worker), 0);
            }
            // Thirty times slower, and a step's cost is nearly all in its samples.
            int b = fleet.allocation("d").getMiniBatch();
            fleet.iterate("d", 0.02 + 0.0175 * b, 0);
        }
        double target = 5 * 2500 / 16.0 * (0.011 + 0.02) / 2;
        assertEquals(target, fleet.seconds("d"), 0.15 * target);
    }

    @Test
    void noisyTimesDoNotMakeTheTargetWander() {
        for (int seed = 0; seed < 5; seed++) {
            Fleet fleet = Fleet.fourUnequal(Fleet.FIVE_EPOCHS);
            Random noise = new Random(seed);
            for (int i = 0; i < 500; i++) {
                for (String worker : List.of("a", "b", "c", "d")) {
                    double factor = Math.exp(0.25 * noise.nextGaussian());
                    fleet.iterate(worker, fleet.stepOf(worker), factor - 1);
                }
            }
            // As set: 5 epochs of 2500 / 16 steps of 0.0155 s, the median of the four.
            for (String worker : List.of("a", "b", "c", "d")) {
                assertEquals(12.1, fleet.seconds(worker), 7, worker);
                assertEquals(16, fleet.allocation(worker).getMiniBatch());
            }
        }
    }

    @Test
    void aDeviceThatSlowsDownGetsLess() {
        Fleet fleet = Fleet.fourUnequal(Fleet.FIVE_EPOCHS);
        for (int i = 0; i < 10; i++) {
            for (String worker : List.of("a", "b", "c", "d")) {
                fleet.iterate(worker, fleet.stepOf(worker), 0);
            }
        }
        int before = fleet.allocation("b").getSamples();
        for (int i = 0; i < 10; i++) {
            for (String worker : List.of("a", "b", "c", "d")) {
                fleet.iterate(worker, fleet.stepOf(worker) * (worker.equals("b") ? 3 : 1), 0);
            }
        }
        // The target rises with it: the median of the four is now that of steps of 0.02 and 0.033
        // s.
        double target = 5 * 2500 / 16.0 * (0.02 + 0.033) / 2;
        assertEquals(target, fleet.seconds("b"), 0.15 * target);
        assertTrue(fleet.allocation("b").getSamples() < 0.7 * before);
    }

    @Test
    void twoChangesOfAWorkerLieAllocationEveryIterationsApart() {
        Settings settings = Fleet.asReleased("local_epochs", "1", "allocation_every", "4");
        Fleet fleet = Fleet.fourUnequal(settings);
        Random wild = new Random(8);
        int last = -100;
        for (int i = 0; i < 60; i++) {
            int n = fleet.allocation("d").getSamples();
            for (String worker : List.of("a", "b", "c", "d")) {
                fleet.iterate(worker, 0.01 * Math.exp(wild.nextGaussian()), 0);
            }
            if (fleet.allocation("d").getSamples() != n) {
                assertTrue(i - last >= 4 - 1, "changed in rounds " + last + " and " + i);
                last = i;
            }
        }
        assertTrue(last > 0, "some change");
    }

    @Test
    void withoutAllocationEverybodyKeepsWhatIsSet() {
        Fleet fleet =
                Fleet.fourUnequal(Fleet.asReleased("allocation", "false", "mini_batch", "32"));
        for (int i = 0; i < 10; i++) {
            for (String worker : List.of("a", "b", "c", "d")) {
                fleet.iterate(worker, fleet.stepOf(worker), 0);
            }
        }
        for (String worker : List.of("a", "b", "c", "d")) {
            assertEquals(2500, fleet.allocation(worker).getSamples());
            assertEquals(32, fleet.allocation(worker).getMiniBatch());
        }
    }

    @Test
    void theOfficialMethodFitsOutliersOnlyAndKeepsItsFirstTarget() {
        Fleet fleet =
                new Fleet(
                        Fleet.asReleased("method", "official", "local_epochs", "1"), Fleet.BLOCKS);
        double[] steps = {0.0090, 0.0100, 0.0104, 0.0110, 0.01245, 0.0400};
        for (int i = 0; i < steps.length; i++) {
            fleet.join("w" + i, Fleet.AMPLE);
        }
        for (int i = 0; i < steps.length; i++) {
            fleet.iterate("w" + i, steps[i], 0);
        }
        double first = fleet.state().getFirstTargetSeconds();
        assertEquals(
                2500,
                fleet.allocation("w4").getSamples(),
                "16% slower than the median, and no outlier");
        assertEquals(first, fleet.seconds("w5"), 0.01 * first);
        for (int round = 0; round < 8; round++) {
            for (int i = 0; i < steps.length; i++) {
                fleet.iterate("w" + i, 2 * steps[i], 0);
            }
        }
        assertEquals(first, fleet.state().getFirstTargetSeconds());
    }
}
