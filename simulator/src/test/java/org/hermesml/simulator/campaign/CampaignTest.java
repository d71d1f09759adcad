package org.hermesml.simulator.campaign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.hermesml.core.InputException;
import org.hermesml.simulator.RunResult;
import org.hermesml.simulator.Simulated;
import org.hermesml.simulator.Watcher;
import org.junit.jupiter.api.Test;

/** The campaign's own part; what is simulated is made up here. */
class CampaignTest {
    private static final List<PlannedRun> PLAN =
            Plan.of(
                    List.of(MadeUp.testBed("a"), MadeUp.testBed("b")),
                    List.of(MadeUp.variant("hermes"), MadeUp.variant("bsp")),
                    5,
                    2);

    private final Recorded recorded = new Recorded();

    @Test
    void aPlanHoldsEveryVariantOnEveryTestBedWithEverySeed() {
        assertEquals(
                List.of(
                        "a hermes seed 5",
                        "a bsp seed 5",
                        "a hermes seed 6",
                        "a bsp seed 6",
                        "b hermes seed 5",
                        "b bsp seed 5",
                        "b hermes seed 6",
                        "b bsp seed 6"),
                PLAN.stream().map(PlannedRun::name).toList());
        assertEquals("6", PLAN.get(2).settings().toMap().get("seed"));
    }

    @Test
    void resultsAreTheSameWhateverTheNumberOfThreadsAndTheOrderOfEnds() {
        List<RunResult> alone = results(1);
        assertEquals(8, alone.size());
        assertEquals(alone, results(3));
        assertEquals(alone, results(8));
    }

    @Test
    void theRunThatEndsFirstMayBeTheLastOfThePlan() {
        CountDownLatch lastEnded = new CountDownLatch(1);
        RunSimulator backwards =
                (run, watcher) -> {
                    if (run.index() == PLAN.size() - 1) {
                        lastEnded.countDown();
                    } else {
                        await(lastEnded);
                    }
                    return MadeUp.simulated(run, true, run.index());
                };
        List<FinishedRun> finished =
                new Campaign(PLAN, backwards, PLAN.size(), recorded, () -> false).run();
        assertEquals(PLAN, finished.stream().map(FinishedRun::run).toList());
    }

    @Test
    void onlyTheFirstSeedKeepsItsTrace() {
        List<FinishedRun> finished = campaign(this::simulate, 2, () -> false).run();
        assertNotNull(finished.get(0).trace());
        assertNull(finished.get(2).trace());
    }

    @Test
    void anInterruptedCampaignKeepsWhatIsDoneAndStartsNothingMore() {
        AtomicBoolean asked = new AtomicBoolean();
        RunSimulator simulator =
                (run, watcher) -> {
                    if (run.index() == 2) {
                        asked.set(true);
                        assertTrue(watcher.cancelled());
                        throw new CancellationException();
                    }
                    return simulate(run, watcher);
                };
        List<FinishedRun> finished = campaign(simulator, 1, asked::get).run();
        assertEquals(PLAN.subList(0, 2), finished.stream().map(FinishedRun::run).toList());
        assertEquals(3, recorded.started.size());
        assertTrue(recorded.failed.isEmpty());
    }

    @Test
    void aRunThatBreaksDoesNotEndTheOthers() {
        RunSimulator simulator =
                (run, watcher) -> {
                    if (run.index() == 1) {
                        throw new IllegalStateException("time went back");
                    }
                    return simulate(run, watcher);
                };
        List<FinishedRun> finished = campaign(simulator, 2, () -> false).run();
        assertEquals(7, finished.size());
        assertEquals(List.of("a bsp seed 5: time went back"), recorded.failed);
    }

    @Test
    void badInputEndsTheCampaign() {
        RunSimulator simulator =
                (run, watcher) -> {
                    throw new InputException("There is no such model.");
                };
        Campaign campaign = campaign(simulator, 2, () -> false);
        assertThrows(InputException.class, campaign::run);
    }

    private List<RunResult> results(int jobs) {
        return campaign(this::simulate, jobs, () -> false).run().stream()
                .map(FinishedRun::result)
                .toList();
    }

    private Campaign campaign(RunSimulator simulator, int jobs, BooleanSupplier cancelled) {
        return new Campaign(PLAN, simulator, jobs, recorded, cancelled);
    }

    private Simulated simulate(PlannedRun run, Watcher watcher) {
        watcher.progress(1, 0.5);
        return MadeUp.simulated(run, true, run.seed() + run.variant().label().length());
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static final class Recorded implements CampaignListener {
        private final List<PlannedRun> started = new ArrayList<>();
        private final List<String> failed = new ArrayList<>();

        @Override
        public void started(PlannedRun run) {
            started.add(run);
        }

        @Override
        public void progress(PlannedRun run, double seconds, double heldOutAccuracy) {}

        @Override
        public void finished(FinishedRun run) {}

        @Override
        public void failed(PlannedRun run, RuntimeException fault) {
            failed.add(run.name() + ": " + fault.getMessage());
        }
    }
}
