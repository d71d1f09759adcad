package org.hermesml.core.admission;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.hermesml.core.log.UpdateIds;
import org.hermesml.core.message.Verdict;
import org.hermesml.core.message.WorkerClock;
import org.hermesml.core.state.MembershipChange;
import org.junit.jupiter.api.Test;

class StaleSynchronousTest {
    private static final List<String> WORKERS = List.of("a", "b", "c", "d");

    @Test
    void aWorkerTooFarAheadWaitsUntilTheSlowestMoves() {
        Story story = story(1, "a", "b");
        story.pushes("a", 1, 1, 0, 1);
        assertFalse(story.last().getAdmitted().getWaits());
        story.pushes("a", 1, 2, 1, 1);
        assertTrue(story.last().getAdmitted().getWaits());
        story.pushes("b", 1, 1, 0, 1);
        assertEquals(1, story.releases().size());
        assertEquals(
                Map.of("a", WorkerClock.newBuilder().setIncarnation(1).setClock(2).build()),
                story.releases().get(0).getWorkersMap());
    }

    @Test
    void aReleaseIsWrittenOnceThoughItsEntryIsReadBackLate() {
        Story story = story(0, "a", "b");
        story.pushes("a", 1, 1, 0, 1);
        story.holdBack();
        story.pushes("b", 1, 1, 0, 1);
        story.iterates("b", 1, 1);
        story.iterates("b", 1, 1);
        story.readBack();
        assertEquals(1, story.releases().size());
    }

    @Test
    void aRefusedPushLetsNobodyRunAhead() {
        Story story = story(0, "a", "b");
        story.report(UpdateIds.of("a", 1, 1), Double.NaN, "damaged");
        assertTrue(story.last().getRefused().getWaits());
        story.pushes("b", 1, 1, 0, 1);
        assertEquals(Set.of("a"), story.releases().get(0).getWorkersMap().keySet());
    }

    @Test
    void theSlowestHoldsNobodyOnceItIsGoneOrSilent() {
        for (boolean silent : new boolean[] {true, false}) {
            Story story = story(1, "a", "b");
            story.pushes("a", 1, 1, 0, 1);
            story.pushes("a", 1, 2, 1, 1);
            assertTrue(story.releases().isEmpty());
            if (silent) {
                story.isSilent("b", 1, 60_000);
            } else {
                story.leaves("b", 1);
            }
            assertEquals(1, story.releases().size());
        }
    }

    @Test
    void oneThatWaitsIsNotTakenForGone() {
        Story story = story(1, "a", "b");
        story.pushes("a", 1, 1, 0, 1);
        story.pushes("a", 1, 2, 1, 1);
        story.waits(60_000);
        story.iterates("b", 1, 1);
        story.isSilent("a", 1, 60_000);
        assertEquals(Set.of("a"), story.releases().get(0).getWorkersMap().keySet());
    }

    @Test
    void whoComesLateStartsWithTheSlowest() {
        Story story = story(1, "a", "b");
        for (int clock = 1; clock <= 9; clock++) {
            story.pushes("a", 1, clock, 0, 1);
            story.pushes("b", 1, clock, 0, 1);
        }
        story.joins("c", 7);
        story.pushes("a", 1, 10, 0, 1);
        assertFalse(story.last().getAdmitted().getWaits(), "c starts at 9");
        story.pushes("a", 1, 11, 0, 1);
        assertTrue(story.last().getAdmitted().getWaits());
    }

    @Test
    void aRestoredServerReleasesThoseWhoseReleaseWasLost() {
        Story story = story(0, "a", "b");
        story.pushes("a", 1, 1, 0, 1);
        story.holdBack();
        story.pushes("b", 1, 1, 0, 1);
        // What was written goes lost with the life that wrote it.
        story.log.removeIf(Verdict::hasReleased);
        story.resumes(5);
        story.readBack();
        assertEquals(1, story.releases().size());
    }

    @Test
    void noWorkerStartsAnIterationThatTakesItTooFarAhead() {
        for (int seed = 0; seed < 60; seed++) {
            int bound = seed % 4;
            new Race(bound, seed).run(200);
        }
    }

    private static Story story(int bound, String... workers) {
        return Story.begun(
                List.of(workers), "method", "ssp", "staleness_bound", Integer.toString(bound));
    }

    /** Workers that finish in any order, leave and come back; the log alone says who may go on. */
    private static final class Race {
        private final Story story;
        private final int bound;
        private final int seed;
        private final SplittableRandom random;
        private final Map<String, Long> clock = new HashMap<>();
        private final Map<String, Long> base = new HashMap<>();
        private final Map<String, Long> incarnation = new HashMap<>();
        private final Set<String> running = new HashSet<>(WORKERS);
        private final Set<String> live = new HashSet<>(WORKERS);
        private int read;

        Race(int bound, int seed) {
            this.bound = bound;
            this.seed = seed;
            this.random = new SplittableRandom(seed);
            this.story = story(bound, WORKERS.toArray(String[]::new));
            this.read = story.log.size();
            WORKERS.forEach(
                    worker -> {
                        clock.put(worker, 0L);
                        base.put(worker, 0L);
                        incarnation.put(worker, 1L);
                    });
        }

        void run(int steps) {
            for (int step = 0; step < steps; step++) {
                String worker = WORKERS.get(random.nextInt(WORKERS.size()));
                if (live.contains(worker) && live.size() > 1 && random.nextInt(20) == 0) {
                    live.remove(worker);
                    running.remove(worker);
                    story.leaves(worker, incarnation.get(worker));
                } else if (!live.contains(worker)) {
                    comesBack(worker);
                } else if (running.remove(worker)) {
                    clock.merge(worker, 1L, Long::sum);
                    story.pushes(worker, incarnation.get(worker), clock.get(worker), 0, 1);
                }
                readLog();
                assertFalse(running.isEmpty(), "nobody can go on, seed " + seed);
            }
        }

        private void comesBack(String worker) {
            base.put(worker, live.stream().mapToLong(this::effective).min().orElse(0));
            clock.put(worker, 0L);
            incarnation.merge(worker, 1L, Long::sum);
            live.add(worker);
            running.add(worker);
            story.changes(worker, incarnation.get(worker), MembershipChange.RETURNED, 0);
        }

        private void readLog() {
            for (; read < story.log.size(); read++) {
                Verdict verdict = story.log.get(read);
                if (verdict.hasAdmitted() && !verdict.getAdmitted().getWaits()) {
                    goesOn(verdict.getAdmitted().getId().getWorker());
                }
                verdict.getReleased().getWorkersMap().keySet().forEach(this::goesOn);
            }
        }

        private void goesOn(String worker) {
            if (live.contains(worker)) {
                running.add(worker);
                long slowest = live.stream().mapToLong(this::effective).min().orElseThrow();
                assertTrue(effective(worker) - slowest <= bound, worker + ", seed " + seed);
            }
        }

        private long effective(String worker) {
            return base.get(worker) + clock.get(worker);
        }
    }
}
