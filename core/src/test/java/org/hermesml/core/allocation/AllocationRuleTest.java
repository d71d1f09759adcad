package org.hermesml.core.allocation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.hermesml.core.message.Allocation;
import org.hermesml.core.settings.Settings;
import org.hermesml.core.state.AllocationState;
import org.hermesml.core.state.MembershipChange;
import org.hermesml.core.state.RunEvent;
import org.hermesml.core.state.WorkerLoad;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class AllocationRuleTest {
    @Test
    void aWorkerThatJoinsStartsWithWhatIsSet() {
        Fleet fleet = new Fleet(Fleet.FIVE_EPOCHS, Fleet.BLOCKS);
        fleet.join("a", Fleet.AMPLE);
        Allocation first = fleet.allocation("a");
        assertEquals(2500, first.getSamples());
        assertEquals(16, first.getMiniBatch());
        assertEquals(5, first.getEpochs());
        assertEquals(40, first.getBlocksCount());
        assertEquals(1, first.getGeneration());
    }

    @Test
    void aSmallMemoryHoldsAWindowOfTheOwnedBlocksThatMovesOn() {
        Settings settings = Fleet.asReleased("rotate_every", "2", "samples", "600");
        Fleet fleet = new Fleet(settings, Fleet.BLOCKS);
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
        Fleet fleet =
                new Fleet(Fleet.asReleased("rotate_every", "1", "samples", "600"), Fleet.BLOCKS);
        fleet.join("a", 785L * 1000);
        List<Integer> before = fleet.allocation("a").getBlocksList();
        fleet.iterate("a", 0.01, 0);
        List<Integer> after = fleet.allocation("a").getBlocksList();
        assertEquals(before.subList(1, 3), after.subList(0, 2));
    }

    @Test
    void whoDrawsMoreThanItOwnsBorrowsBlocks() {
        Fleet fleet = new Fleet(Fleet.FIVE_EPOCHS, Fleet.BLOCKS);
        for (int i = 0; i < 20; i++) {
            fleet.join("w" + i, Fleet.AMPLE);
        }
        Allocation one = fleet.allocation("w7");
        assertEquals(2500, one.getSamples());
        assertEquals(9, one.getBlocksCount(), "two owned, seven borrowed");
        assertEquals(2, fleet.state().getWorkersOrThrow("w7").getOwnedCount());
    }

    @Test
    void whoFillsItsMemoryBorrowsAsManyBlocksAsFitAndDrawsNoMore() {
        Fleet fleet = new Fleet(Fleet.asReleased("fill_memory", "true"), Fleet.BLOCKS);
        for (int i = 0; i < 20; i++) {
            fleet.join("w" + i, i == 7 ? 785L * 300 * 12 : Fleet.AMPLE);
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
        Fleet fleet = Fleet.fourUnequal(Fleet.asReleased("fill_memory", "true"));
        List<Integer> before = fleet.allocation("d").getBlocksList();
        for (String worker : List.of("a", "b", "c", "d")) {
            fleet.iterate(worker, fleet.stepOf(worker), 0);
        }
        assertNotEquals(2500, fleet.allocation("d").getSamples());
        assertEquals(before, fleet.allocation("d").getBlocksList());
    }

    @Test
    void aWorkerThatReturnsKeepsItsAllocationAndIsToldAgain() {
        Fleet fleet = Fleet.fourUnequal(Fleet.FIVE_EPOCHS);
        for (String worker : List.of("a", "b", "c", "d")) {
            fleet.iterate(worker, fleet.stepOf(worker), 0);
        }
        Allocation before = fleet.allocation("d");
        assertNotEquals(2500, before.getSamples());
        fleet.leave("d", MembershipChange.SILENT);
        assertEquals(0, fleet.state().getWorkersOrThrow("d").getOwnedCount());
        fleet.join("d", Fleet.AMPLE);
        assertEquals("d", fleet.lastTold);
        assertEquals(before.getSamples(), fleet.allocation("d").getSamples());
        assertEquals(before.getMiniBatch(), fleet.allocation("d").getMiniBatch());
        assertEquals(before.getSeed(), fleet.allocation("d").getSeed());
        assertEquals(10, fleet.state().getWorkersOrThrow("d").getOwnedCount());
    }

    @ParameterizedTest
    @EnumSource(
            value = MembershipChange.class,
            names = {"LEFT", "EXPELLED"})
    void whoIsGoneForGoodLeavesItsBlocksToTheOthers(MembershipChange change) {
        Fleet fleet = Fleet.fourUnequal(Fleet.FIVE_EPOCHS);
        fleet.leave("d", change);
        assertEquals(0, fleet.state().getWorkersOrThrow("d").getOwnedCount());
        fleet.check();
    }

    @Test
    void whenNobodyIsHeardOfNobodyLosesItsBlocks() {
        Fleet fleet = Fleet.fourUnequal(Fleet.FIVE_EPOCHS);
        fleet.iterate("a", fleet.stepOf("a"), 0);
        var before = fleet.state();
        fleet.nowMs += 60_000;
        for (String worker : List.of("a", "b", "c", "d")) {
            fleet.isSilent(worker, 60_000);
        }
        assertEquals(before, fleet.state());
        fleet.iterate("a", fleet.stepOf("a"), 0);
        fleet.isSilent("d", 120_000);
        assertEquals(
                0,
                fleet.state().getWorkersOrThrow("d").getOwnedCount(),
                "a is heard of: d alone is silent");
        fleet.check();
    }

    @Test
    void whoDiesAtEachStartOwnsNothingUntilItHasFinishedAnIteration() {
        Fleet fleet = Fleet.fourUnequal(Fleet.FIVE_EPOCHS);
        for (int start = 0; start < 2; start++) {
            fleet.join("d", Fleet.AMPLE);
            assertEquals(10, fleet.state().getWorkersOrThrow("d").getOwnedCount());
            fleet.nowMs += 60_000;
        }
        fleet.join("d", Fleet.AMPLE);
        assertEquals(0, fleet.state().getWorkersOrThrow("d").getOwnedCount());
        assertEquals(2500, fleet.allocation("d").getSamples(), "it may try once more");
        fleet.check();
        fleet.iterate("d", fleet.stepOf("d"), 0);
        assertEquals(10, fleet.state().getWorkersOrThrow("d").getOwnedCount());
        fleet.check();
    }

    @Test
    void aProcessThatIsTurnedAwayChangesNothing() {
        Fleet fleet = Fleet.fourUnequal(Fleet.FIVE_EPOCHS);
        var before = fleet.state();
        RunEvent away = Fleet.membership("a", 99, MembershipChange.DISMISSED, 0);
        assertEquals(before, after(fleet, before, away));
    }

    @Test
    void anOlderIncarnationChangesNothing() {
        Fleet fleet = new Fleet(Fleet.FIVE_EPOCHS, Fleet.BLOCKS);
        fleet.join("a", Fleet.AMPLE);
        fleet.join("b", Fleet.AMPLE);
        var state = fleet.state();
        RunEvent old = Fleet.membership("a", 0, MembershipChange.LEFT, 0);
        assertEquals(state, after(fleet, state, old));
        RunEvent report =
                Fleet.report(
                        "a",
                        0,
                        Allocation.newBuilder().setSamples(10).setMiniBatch(1).setEpochs(1).build(),
                        1);
        assertEquals(
                state,
                after(fleet, state, report).toBuilder()
                        .setLastProgressMs(state.getLastProgressMs())
                        .build());
    }

    private static AllocationState after(Fleet fleet, AllocationState before, RunEvent event) {
        AllocationBook book = new AllocationBook(before);
        fleet.rule().apply(book, event, 9);
        return book.state();
    }

    @Test
    void theSameEventsGiveTheSameAllocations() {
        assertEquals(wildFleet(9).state(), wildFleet(9).state());
        assertNotEquals(wildFleet(9).state(), wildFleet(10).state());
    }

    @Test
    void theSeedDiffersFromWorkerToWorkerAndFromRunToRun() {
        Fleet one = new Fleet(Fleet.asReleased("seed", "1"), Fleet.BLOCKS);
        Fleet two = new Fleet(Fleet.asReleased("seed", "2"), Fleet.BLOCKS);
        one.join("a", Fleet.AMPLE);
        one.join("b", Fleet.AMPLE);
        two.join("a", Fleet.AMPLE);
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
        Fleet fleet = new Fleet(Fleet.FIVE_EPOCHS, TrainingBlocks.uniform(4, 10, 1));
        for (int i = 0; i < 1_100; i++) {
            fleet.join("w" + i, Fleet.AMPLE);
            fleet.leave("w" + i, MembershipChange.LEFT);
        }
        assertTrue(fleet.state().getWorkersCount() <= 1_001);
        assertTrue(fleet.state().getWorkersMap().containsKey("w1099"));
    }

    @Test
    void aMeasurementThatMeasuredNothingIsLeftOut() {
        Fleet fleet = new Fleet(Fleet.FIVE_EPOCHS, Fleet.BLOCKS);
        fleet.join("a", Fleet.AMPLE);
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
}
