package org.hermesml.core.admission;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.hermesml.core.message.RoundClosed;
import org.hermesml.core.message.Verdict;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Methods whose workers give to rounds together: bsp, balanced, ebsp, selsync. */
class RoundsTest {
    private static final List<String> WORKERS = List.of("a", "b", "c");

    @ParameterizedTest
    @ValueSource(strings = {"bsp", "balanced", "ebsp"})
    void everyRoundHoldsOneUpdateOfEachWorker(String method) {
        Story story = Story.begun(WORKERS, "method", method);
        SplittableRandom random = new SplittableRandom(1);
        Map<String, Long> clocks = new HashMap<>();
        Set<String> waiting = new HashSet<>();
        int seen = 0;
        for (int step = 0; step < 120; step++) {
            String worker = WORKERS.get(random.nextInt(3));
            if (waiting.add(worker)) {
                story.pushes(worker, 1, clocks.merge(worker, 1L, Long::sum), story.version(), 1);
            }
            if (story.rounds().size() > seen) {
                assertEquals(Set.copyOf(WORKERS), waiting);
                assertEquals(3, story.rounds().get(seen).getUpdates());
                seen = story.rounds().size();
                waiting.clear();
            }
        }
        assertTrue(seen > 10);
        assertEquals(seen, story.version());
    }

    @ParameterizedTest
    @ValueSource(strings = {"bsp", "balanced", "ebsp", "selsync"})
    void aWorkerThatFallsSilentHoldsARoundNoLongerThanItsDeadline(String method) {
        Story story = Story.begun(WORKERS, "method", method);
        if (method.equals("selsync")) {
            WORKERS.forEach(worker -> story.asks(worker, 1, 1, true));
        }
        story.pushes("a", 1, 1, 0, 1);
        story.pushes("b", 1, 1, 0, 1);
        assertEquals(0, story.rounds().size());
        story.isSilent("c", 1, 60_000);
        assertEquals(2, story.rounds().get(0).getUpdates());
    }

    @Test
    void theMomentumOfTheServerGoesWithTheEndOfTheRound() {
        for (String method : new String[] {"bsp", "balanced", "ebsp", "selsync"}) {
            Story story = Story.begun(List.of("a"), "method", method, "server_momentum", "0.7");
            story.pushes("a", 1, 1, 0, 1);
            assertEquals(0.7, story.rounds().get(0).getMomentum(), method);
        }
    }

    @Test
    void anElasticBarrierTellsEachWorkerHowLongToGoOn() {
        Story story = Story.begun(List.of("fast", "slow"), "method", "ebsp");
        story.pushes("fast", 1, 1, 0, 1);
        story.pushes("slow", 1, 1, 0, 4.1);
        RoundClosed closed = story.rounds().get(0);
        assertEquals(Map.of("fast", 41, "slow", 10), closed.getIterationsMap());
    }

    @Test
    void anElasticBarrierLooksNoFurtherAheadThanItShall() {
        Story story = Story.begun(List.of("fast", "slow"), "method", "ebsp", "lookahead", "5");
        story.pushes("fast", 1, 1, 0, 1);
        story.pushes("slow", 1, 1, 0, 4.1);
        assertEquals(Map.of("fast", 4, "slow", 1), story.rounds().get(0).getIterationsMap());
    }

    // ---- selsync

    @Test
    void nobodyPushesUntilAllHaveAskedAndNoneWantsToThenAllGoOn() {
        Story story = Story.begun(WORKERS, "method", "selsync");
        story.asks("a", 1, 1, false);
        story.asks("b", 1, 1, false);
        assertTrue(story.releases().isEmpty());
        story.asks("c", 1, 1, false);
        assertEquals(1, story.releases().size());
        assertEquals(Set.copyOf(WORKERS), story.releases().get(0).getWorkersMap().keySet());
        assertEquals(false, story.releases().get(0).getPush());
        assertEquals(0, story.version());
    }

    @Test
    void oneThatWantsToMakesAllPush() {
        Story story = Story.begun(WORKERS, "method", "selsync");
        story.asks("a", 1, 1, false);
        story.asks("b", 1, 1, true);
        story.asks("c", 1, 1, false);
        assertTrue(story.releases().get(0).getPush());
        WORKERS.forEach(worker -> story.pushes(worker, 1, 1, 0, 1));
        assertEquals(3, story.rounds().get(0).getUpdates());
        story.asks("a", 1, 2, false);
        assertEquals(1, story.releases().size(), "the others have not finished");
    }

    @Test
    void askingAgainChangesNothing() {
        Story story = Story.begun(WORKERS, "method", "selsync");
        story.asks("a", 1, 1, true);
        story.asks("a", 1, 1, true);
        story.asks("b", 1, 1, false);
        story.asks("c", 1, 1, false);
        story.asks("a", 1, 1, true);
        assertEquals(1, story.releases().size());
    }

    @Test
    void oneThatDiesBeforeItAsksHoldsNobodyBeyondItsDeadline() {
        Story story = Story.begun(WORKERS, "method", "selsync");
        story.asks("a", 1, 1, false);
        story.asks("b", 1, 1, true);
        story.isSilent("c", 1, 60_000);
        assertEquals(Set.of("a", "b"), story.releases().get(0).getWorkersMap().keySet());
    }

    @Test
    void oneThatComesWhileOthersAreInARoundTakesNoPartInIt() {
        Story story = Story.begun(List.of("a", "b"), "method", "selsync");
        story.asks("a", 1, 1, true);
        story.asks("b", 1, 1, true);
        story.joins("late", 9);
        story.pushes("a", 1, 1, 0, 1);
        story.pushes("b", 1, 1, 0, 1);
        assertEquals(0, story.rounds().size());
        story.asks("late", 9, 1, true);
        assertEquals(2, story.rounds().get(0).getUpdates());
        story.asks("a", 1, 2, false);
        story.asks("b", 1, 2, false);
        assertEquals(Set.of("a", "b", "late"), story.releases().get(1).getWorkersMap().keySet());
    }

    @Test
    void aRestoredServerRepeatsAReleaseThatWasLost() {
        Story story = Story.begun(List.of("a", "b"), "method", "selsync");
        story.asks("a", 1, 1, false);
        story.holdBack();
        story.asks("b", 1, 1, false);
        story.log.removeIf(Verdict::hasReleased);
        story.resumes(5);
        story.readBack();
        assertEquals(1, story.releases().size());
    }
}
