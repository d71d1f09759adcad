package org.hermesml.core.allocation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.hermesml.core.message.Allocation;
import org.hermesml.core.settings.Settings;
import org.hermesml.core.state.MembershipChange;
import org.hermesml.core.state.RunEvent;
import org.hermesml.core.state.WorkerLoad;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AllocationRuleTest {
    /** As the released implementation, whose figures these are. */
    private static final Settings FIVE_EPOCHS = asReleased();

    private static final TrainingBlocks BLOCKS = TrainingBlocks.uniform(40, 300, 785);
    private static final long AMPLE = 1L << 30;

    @Test
    void aWorkerThatJoinsStartsWithWhatIsSet() {
        Fleet fleet = new Fleet(FIVE_EPOCHS, BLOCKS);
        fleet.join("a", AMPLE);
        Allocation first = fleet.allocation("a");
        assertEquals(2500, first.getSamples());
        assertEquals(16, first.getMiniBatch());
        assertEquals(5, first.getEpochs());
        assertEquals(40, first.getBlocksCount());
        assertEquals(1, first.getGeneration());
    }

    @Test
    void officialFitsNobodyBeforeEveryLiveWorkerHasReported() {
        Fleet fleet = new Fleet(asReleased("method", "official"), BLOCKS);
        fleet.join("a", AMPLE);
        fleet.join("b", AMPLE);
        fleet.join("c", AMPLE);
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
        Fleet fleet = new Fleet(FIVE_EPOCHS, BLOCKS);
        fleet.join("a", AMPLE);
        fleet.join("b", AMPLE);
        fleet.join("c", AMPLE);
        fleet.iterate("a", 0.01, 0);
        fleet.iterate("b", 0.04, 0);
        assertNotEquals(2500, fleet.allocation("b").getSamples());
        assertEquals(2500, fleet.allocation("c").getSamples());
    }

    @Test
    void aFirstIterationIsShortAndTheNextFitted() {
        Fleet fleet = fourUnequal(asReleased("probe", "0.2"));
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
        Fleet fleet = new Fleet(asReleased("probe", "0.2", "allocation", "false"), BLOCKS);
        fleet.join("a", AMPLE);
        assertEquals(2500, fleet.allocation("a").getSamples());
    }

    @Test
    void allAreFittedToTheWantedQuantile() {
        for (String quantile : List.of("0", "0.5", "1")) {
            Fleet fleet = fourUnequal(asReleased("allocation_target", quantile));
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
        Fleet fleet = fourUnequal(asReleased("least_training", leastTraining));
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
        Fleet fleet = fourUnequal(asReleased());
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
        Fleet fleet = fourUnequal(asReleased());
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
        Fleet plain = fourUnequal(asReleased("method", "official"));
        Fleet slow = fourUnequal(asReleased("method", "official", "least_training", "10"));
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
        Fleet fleet = new Fleet(FIVE_EPOCHS, BLOCKS);
        fleet.join("a", AMPLE);
        fleet.join("b", AMPLE);
        fleet.join("c", AMPLE);
        fleet.leave("c", MembershipChange.SILENT);
        fleet.iterate("a", 0.01, 0);
        fleet.iterate("b", 0.04, 0);
        assertNotEquals(2500, fleet.allocation("b").getSamples());
    }

    @Test
    void allFinishTogetherAfterOneRound() {
        Fleet fleet = fourUnequal(FIVE_EPOCHS);
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
        Fleet fleet = new Fleet(FIVE_EPOCHS, BLOCKS);
        Random noise = new Random(1);
        for (String worker : List.of("a", "b", "c", "d", "e")) {
            fleet.join(worker, AMPLE);
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
        Fleet fleet = fourUnequal(FIVE_EPOCHS);
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
        Fleet fleet = fourUnequal(FIVE_EPOCHS);
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
            Fleet fleet = fourUnequal(FIVE_EPOCHS);
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
        Fleet fleet = fourUnequal(FIVE_EPOCHS);
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
        Settings settings = asReleased("local_epochs", "1", "allocation_every", "4");
        Fleet fleet = fourUnequal(settings);
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
        Fleet fleet = fourUnequal(asReleased("allocation", "false", "mini_batch", "32"));
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
        Fleet fleet = new Fleet(asReleased("method", "official", "local_epochs", "1"), BLOCKS);
        double[] steps = {0.0090, 0.0100, 0.0104, 0.0110, 0.01245, 0.0400};
        for (int i = 0; i < steps.length; i++) {
            fleet.join("w" + i, AMPLE);
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

    @Test
    void aSmallMemoryHoldsAWindowOfTheOwnedBlocksThatMovesOn() {
        Settings settings = asReleased("rotate_every", "2", "samples", "600");
        Fleet fleet = new Fleet(settings, BLOCKS);
        fleet.join("a", 785L * 1000);
        assertEquals(
                3, fleet.allocation("a").getBlocksCount(), "three blocks of 300 in room for 1000");
        Set<Integer> seen = new HashSet<>();
        List<Integer> before = fleet.allocation("a").getBlocksList();
        for (int i = 0; i < 2 * 40; i++) {
            fleet.iterate("a", 0.01, 0);
            List<Integer> now = fleet.allocation("a").getBlocksList();
            assertTrue(now.stream().filter(b -> !before.contains(b)).count() <= 3);
            seen.addAll(now);
        }
        assertEquals(40, seen.size(), "every sample is seen");
    }

    @Test
    void rotationExchangesOneBlockAndKeepsTheOthersInPlace() {
        Fleet fleet = new Fleet(asReleased("rotate_every", "1", "samples", "600"), BLOCKS);
        fleet.join("a", 785L * 1000);
        List<Integer> before = fleet.allocation("a").getBlocksList();
        fleet.iterate("a", 0.01, 0);
        List<Integer> after = fleet.allocation("a").getBlocksList();
        assertEquals(before.subList(1, 3), after.subList(0, 2));
    }

    @Test
    void whoDrawsMoreThanItOwnsBorrowsBlocks() {
        Fleet fleet = new Fleet(FIVE_EPOCHS, BLOCKS);
        for (int i = 0; i < 20; i++) {
            fleet.join("w" + i, AMPLE);
        }
        Allocation one = fleet.allocation("w7");
        assertEquals(2500, one.getSamples());
        assertEquals(9, one.getBlocksCount(), "two owned, seven borrowed");
        assertEquals(2, fleet.state().getWorkersOrThrow("w7").getOwnedCount());
    }

    @Test
    void whoFillsItsMemoryBorrowsAsManyBlocksAsFitAndDrawsNoMore() {
        Fleet fleet = new Fleet(asReleased("fill_memory", "true"), BLOCKS);
        for (int i = 0; i < 20; i++) {
            fleet.join("w" + i, i == 7 ? 785L * 300 * 12 : AMPLE);
        }
        assertEquals(12, fleet.allocation("w7").getBlocksCount(), "two owned, ten borrowed");
        assertEquals(40, fleet.allocation("w8").getBlocksCount(), "room for all there are");
        for (String worker : List.of("w7", "w8")) {
            assertEquals(2500, fleet.allocation(worker).getSamples());
            assertEquals(2, fleet.state().getWorkersOrThrow(worker).getOwnedCount());
        }
    }

    @Test
    void whoFillsItsMemoryFetchesNothingAnewWhenItsSamplesChange() {
        Fleet fleet = fourUnequal(asReleased("fill_memory", "true"));
        List<Integer> before = fleet.allocation("d").getBlocksList();
        for (String worker : List.of("a", "b", "c", "d")) {
            fleet.iterate(worker, fleet.stepOf(worker), 0);
        }
        assertNotEquals(2500, fleet.allocation("d").getSamples());
        assertEquals(before, fleet.allocation("d").getBlocksList());
    }

    @Test
    void aWorkerThatReturnsKeepsItsAllocationAndIsToldAgain() {
        Fleet fleet = fourUnequal(FIVE_EPOCHS);
        for (String worker : List.of("a", "b", "c", "d")) {
            fleet.iterate(worker, fleet.stepOf(worker), 0);
        }
        Allocation before = fleet.allocation("d");
        assertNotEquals(2500, before.getSamples());
        fleet.leave("d", MembershipChange.SILENT);
        assertEquals(0, fleet.state().getWorkersOrThrow("d").getOwnedCount());
        fleet.join("d", AMPLE);
        assertEquals("d", fleet.lastTold);
        assertEquals(before.getSamples(), fleet.allocation("d").getSamples());
        assertEquals(before.getMiniBatch(), fleet.allocation("d").getMiniBatch());
        assertEquals(before.getSeed(), fleet.allocation("d").getSeed());
        assertEquals(10, fleet.state().getWorkersOrThrow("d").getOwnedCount());
    }

    @Test
    void anOlderIncarnationChangesNothing() {
        Fleet fleet = new Fleet(FIVE_EPOCHS, BLOCKS);
        fleet.join("a", AMPLE);
        fleet.join("b", AMPLE);
        var state = fleet.state();
        RunEvent old = Fleet.membership("a", 0, MembershipChange.LEFT, 0);
        assertEquals(state, fleet.rule().apply(state, old).state());
        RunEvent report =
                Fleet.report(
                        "a",
                        0,
                        Allocation.newBuilder().setSamples(10).setMiniBatch(1).setEpochs(1).build(),
                        1);
        assertEquals(state, fleet.rule().apply(state, report).state());
    }

    @Test
    void theSameEventsGiveTheSameAllocations() {
        assertEquals(wildFleet(9).state(), wildFleet(9).state());
        assertNotEquals(wildFleet(9).state(), wildFleet(10).state());
    }

    @Test
    void theSeedDiffersFromWorkerToWorkerAndFromRunToRun() {
        Fleet one = new Fleet(asReleased("seed", "1"), BLOCKS);
        Fleet two = new Fleet(asReleased("seed", "2"), BLOCKS);
        one.join("a", AMPLE);
        one.join("b", AMPLE);
        two.join("a", AMPLE);
        assertNotEquals(one.allocation("a").getSeed(), one.allocation("b").getSeed());
        assertNotEquals(one.allocation("a").getSeed(), two.allocation("a").getSeed());
    }

    @Test
    void whateverHappensAllocationsKeepTheirLimits() {
        for (int seed = 0; seed < 40; seed++) {
            wildFleet(seed);
        }
    }

    @Test
    void departedWorkersAreNotRememberedWithoutBound() {
        Fleet fleet = new Fleet(FIVE_EPOCHS, TrainingBlocks.uniform(4, 10, 1));
        for (int i = 0; i < 1_100; i++) {
            fleet.join("w" + i, AMPLE);
            fleet.leave("w" + i, MembershipChange.LEFT);
        }
        assertTrue(fleet.state().getWorkersCount() <= 1_001);
        assertTrue(fleet.state().getWorkersMap().containsKey("w1099"));
    }

    @Test
    void aMeasurementThatMeasuredNothingIsLeftOut() {
        Fleet fleet = new Fleet(FIVE_EPOCHS, BLOCKS);
        fleet.join("a", AMPLE);
        fleet.iterate("a", Double.NaN, 0);
        fleet.iterate("a", 0, 0);
        assertEquals(0, fleet.state().getWorkersOrThrow("a").getTimesCount());
        assertEquals(2, fleet.state().getWorkersOrThrow("a").getIterations());
    }

    /** Workers of all speeds and memories come, go and return; checked after every event. */
    private static Fleet wildFleet(int seed) {
        Random random = new Random(seed);
        int[] sizes = random.ints(1 + random.nextInt(30), 1, 400).toArray();
        TrainingBlocks blocks = new TrainingBlocks(sizes, 10);
        Settings settings =
                Settings.of(
                        Map.of(
                                "method",
                                random.nextBoolean() ? "hermes" : "official",
                                "samples",
                                "800",
                                "mini_batch",
                                "16",
                                "fill_memory",
                                "" + random.nextBoolean(),
                                "rotate_every",
                                "3",
                                "seed",
                                "" + seed));
        Fleet fleet = new Fleet(settings, blocks);
        for (int i = 0; i < 300; i++) {
            String worker = "w" + random.nextInt(7);
            WorkerLoad load = fleet.state().getWorkersMap().get(worker);
            int what = random.nextInt(12);
            if (load == null || !load.getLive() || what == 0) {
                fleet.join(worker, random.nextInt(4) == 0 ? 0 : random.nextInt(20_000));
            } else if (what == 1) {
                fleet.leave(
                        worker,
                        random.nextBoolean() ? MembershipChange.SILENT : MembershipChange.LEFT);
            } else {
                fleet.iterate(worker, Math.exp(3 * random.nextGaussian()), 0);
            }
            fleet.check();
        }
        return fleet;
    }

    /** Of the released implementation, and besides {@code more}, key before value. */
    private static Settings asReleased(String... more) {
        Map<String, String> all =
                new HashMap<>(
                        Map.of(
                                "local_epochs",
                                "5",
                                "samples",
                                "2500",
                                "mini_batch",
                                "16",
                                "fill_memory",
                                "false",
                                "allocation_target",
                                "0.5",
                                "probe",
                                "1"));
        for (int i = 0; i < more.length; i += 2) {
            all.put(more[i], more[i + 1]);
        }
        return Settings.of(all);
    }

    private static Fleet fourUnequal(Settings settings) {
        Fleet fleet = new Fleet(settings, BLOCKS);
        for (String worker : List.of("a", "b", "c", "d")) {
            fleet.join(worker, AMPLE);
        }
        return fleet;
    }
}
