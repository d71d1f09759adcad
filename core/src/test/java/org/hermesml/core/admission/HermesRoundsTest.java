package org.hermesml.core.admission;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.hermesml.core.message.Held;
import org.hermesml.core.message.RoundClosed;
import org.hermesml.core.message.Verdict;
import org.hermesml.core.state.NumberedVerdict;
import org.junit.jupiter.api.Test;

class HermesRoundsTest {
    private static final List<String> WORKERS = List.of("a", "b", "c", "d");

    private final Map<String, Long> clocks = new HashMap<>();

    @Test
    void aRoundEndsAtOnceWhenAllHaveAnswered() {
        Story story = begun();
        allPush(story, 1_000);
        assertEquals(2, story.version());
        RoundClosed closed = story.rounds().get(1);
        assertEquals(4, closed.getUpdates());
        assertEquals(0.5, closed.getMomentum());
        assertEquals(0, story.rounds().get(0).getMomentum(), "an initial model has no direction");
    }

    @Test
    void withItsQuorumARoundWaitsForAFractionOfTheTimeUntilThen() {
        Story story = begun();
        story.waits(10_000);
        push(story, "a", 1_000);
        push(story, "b", 1_000);
        story.waits(5_000);
        assertEquals(1, story.version(), "half of the speed is no quorum of 0.7");
        push(story, "c", 1_000);
        assertEquals(1, story.version());
        assertEquals(story.nowMs + 1_500, story.wakeMs, "a tenth of 15 s");
        story.waits(1_499);
        assertEquals(1, story.version());
        story.waits(1);
        assertEquals(2, story.version());
        assertEquals(3, story.rounds().get(1).getUpdates());
    }

    @Test
    void speedCountsAndNotHeads() {
        Story story = begun();
        push(story, "a", 9_000);
        push(story, "b", 300);
        push(story, "c", 300);
        push(story, "d", 300);
        assertEquals(2, story.version());
        push(story, "b", 300);
        push(story, "c", 300);
        push(story, "d", 300);
        story.waits(100_000);
        assertEquals(2, story.version(), "three slow ones of four are no quorum");
        push(story, "a", 9_000);
        assertEquals(3, story.version());
        push(story, "a", 9_000);
        story.waits(20_000);
        assertEquals(4, story.version(), "a fast one alone is");
    }

    @Test
    void whoFinishesAnIterationWithoutAPushHasAnsweredToo() {
        Story story = begun();
        push(story, "a", 1_000);
        for (String worker : List.of("b", "c", "d")) {
            iterate(story, worker, 1_000, 1, 0.5, false);
        }
        assertEquals(2, story.version());
        assertEquals(1, story.rounds().get(1).getUpdates());
    }

    @Test
    void aRoundInWhichNobodyPushesGoesOn() {
        Story story = begun();
        for (String worker : WORKERS) {
            iterate(story, worker, 1_000, 1, 0.5, false);
        }
        story.waits(100_000);
        assertEquals(1, story.version());
        push(story, "b", 1_000);
        assertEquals(2, story.version());
    }

    @Test
    void whoDiesHoldsNoRound() {
        Story story = begun();
        push(story, "a", 1_000);
        push(story, "b", 1_000);
        story.waits(30_000);
        assertEquals(1, story.version());
        story.leaves("c", 1);
        story.waits(10_000);
        assertEquals(1, story.version(), "two of three are no quorum");
        story.leaves("d", 1);
        assertEquals(2, story.version());
    }

    @Test
    void aRoundThatTakesTooLongEndsAndWhoWasMissingIsNotWaitedForUntilItAnswers() {
        Story story = oneOfFourHasAnsweredAfterRoundsOfTenSeconds();
        assertEquals(story.nowMs + 15_000, story.wakeMs);
        story.waits(14_999);
        assertEquals(3, story.version());
        story.waits(1);
        assertEquals(4, story.version());
        story.waits(1_000);
        push(story, "a", 1_000);
        assertEquals(5, story.version(), "it is the only one that is waited for");
        push(story, "c", 1_000);
        story.waits(3_000);
        assertEquals(5, story.version(), "half of two");
        push(story, "a", 1_000);
        assertEquals(6, story.version());
    }

    @Test
    void timeInWhichTheServerWasAwayIsNotTimeOfARound() {
        Story story = oneOfFourHasAnsweredAfterRoundsOfTenSeconds();
        story.nowMs += 100_000;
        story.resumes(1);
        assertEquals(3, story.version());
        story.waits(1_000);
        assertEquals(3, story.version());
        assertEquals(story.nowMs + 14_000, story.wakeMs);
    }

    @Test
    void whoComesAnewIsNotWaitedForBeforeItsFirstIteration() {
        Story story = begun();
        story.joins("e", 5);
        story.joins("f", 6);
        allPush(story, 1_000);
        assertEquals(2, story.version());
    }

    @Test
    void anUpdateWeighsItsWorkByItsLossAndLessForEachVersionItMissed() {
        Story story = begun("loss_power", "2");
        story.waits(10_000);
        iterate(story, "a", 1_000, 1, 0.5, true);
        iterate(story, "b", 500, 1, 0.5, true);
        iterate(story, "c", 1_000, 1, 0.25, true);
        iterate(story, "d", 1_000, 0, 0.5, true);
        assertEquals(2, story.version());
        Map<String, Double> weights = new HashMap<>();
        held(story).forEach(h -> weights.put(h.getId().getWorker(), h.getWeight()));
        assertEquals(1.0 / 2, weights.get("b") / weights.get("a"), 1e-12);
        assertEquals(4, weights.get("c") / weights.get("a"), 1e-12);
        // One version missed: (1 + 1)^-2; the work of its first iteration counts too.
        assertEquals(2.0 / 4, weights.get("d") / weights.get("a"), 1e-12);
    }

    @Test
    void noLossMakesAWeightThatIsZeroOrNoNumber() {
        Story story = begun("loss_power", "100");
        iterate(story, "a", 1_000, 0, 0, true);
        iterate(story, "b", 1_000, 0, 1e-30, true);
        iterate(story, "c", 1_000, 0, 1e30, true);
        for (Held held : held(story)) {
            assertTrue(held.getWeight() > 0 && Double.isFinite(held.getWeight()), held::toString);
        }
    }

    /** Against a count of heads and speeds that starts anew each time. */
    @Test
    void noRoundEndsWithoutItsQuorumAndNoneOutlastsItsGrace() {
        SplittableRandom random = new SplittableRandom(7);
        for (int trial = 0; trial < 60; trial++) {
            clocks.clear();
            Map<String, Integer> speed = new HashMap<>();
            List<String> answered = new ArrayList<>();
            List<String> held = new ArrayList<>();
            Story story = begun("overtime", "1000");
            WORKERS.forEach(worker -> speed.put(worker, random.nextInt(1, 5) * 100));
            for (String worker : WORKERS) {
                iterate(story, worker, speed.get(worker), 1, 0.5, false);
            }
            push(story, "a", speed.get("a"));
            long version = story.version();
            for (int step = 0; step < 60; step++) {
                String worker = WORKERS.get(random.nextInt(4));
                if (held.contains(worker)) {
                    story.waits(random.nextInt(100, 500));
                } else {
                    boolean push = random.nextBoolean();
                    iterate(story, worker, speed.get(worker), version, 0.5, push);
                    answered.add(worker);
                    if (push) {
                        held.add(worker);
                    }
                }
                double in = answered.stream().distinct().mapToInt(speed::get).sum();
                double all = WORKERS.stream().mapToInt(speed::get).sum();
                boolean hasQuorum = !held.isEmpty() && in >= 0.7 * all;
                if (story.version() > version) {
                    assertTrue(hasQuorum, "trial " + trial + ", step " + step);
                    version = story.version();
                    answered.clear();
                    held.clear();
                } else {
                    assertTrue(!hasQuorum || in < all, "trial " + trial + ", step " + step);
                    assertEquals(hasQuorum, story.state.getQuorumMs() > 0);
                    assertTrue(!hasQuorum || story.wakeMs < Long.MAX_VALUE);
                }
            }
        }
    }

    /** Each worker has made an iteration, which shows its speed, and version 1 stands. */
    private Story begun(String... settings) {
        String[] all = new String[settings.length + 8];
        System.arraycopy(settings, 0, all, 0, settings.length);
        System.arraycopy(
                new String[] {
                    "merge", "round", "quorum", "0.7", "grace", "0.1", "staleness_exponent", "2"
                },
                0,
                all,
                settings.length,
                8);
        Story story = Story.begun(WORKERS, all);
        WORKERS.forEach(worker -> iterate(story, worker, 1_000, 0, 0.5, false));
        push(story, "a", 1_000);
        return story;
    }

    private Story oneOfFourHasAnsweredAfterRoundsOfTenSeconds() {
        Story story = begun();
        allPush(story, 1_000);
        allPush(story, 1_000);
        push(story, "a", 1_000);
        return story;
    }

    private void allPush(Story story, int samples) {
        story.waits(10_000);
        WORKERS.forEach(worker -> push(story, worker, samples));
    }

    private void push(Story story, String worker, int samples) {
        iterate(story, worker, samples, story.version(), 0.5, true);
    }

    /** One second long. */
    private void iterate(
            Story story, String worker, int samples, long base, double loss, boolean push) {
        long clock = clocks.merge(worker, 1L, Long::sum);
        story.trains(worker, 1, clock, base, samples, 1, loss, push);
    }

    private static List<Held> held(Story story) {
        return Story.counting(story.log).stream()
                .map(NumberedVerdict::getVerdict)
                .filter(Verdict::hasHeld)
                .map(Verdict::getHeld)
                .toList();
    }
}
