package org.hermesml.core.admission;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.hermesml.core.state.MembershipChange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Workers that have not finished an iteration, and those that never do. */
class StartsTest {
    private static final List<String> TWO = List.of("a", "b");

    @ParameterizedTest
    @ValueSource(strings = {"bsp", "balanced", "ebsp", "selsync"})
    void whoDiesAtEachStartHoldsABarrierOnlyForAWhile(String method) {
        Story story = Story.begun(TWO, "method", method, "start_patience", "2m");
        if (method.equals("selsync")) {
            story.asks("a", 1, 1, true);
        } else {
            story.pushes("a", 1, 1, 0, 1);
        }
        for (long life = 2; life < 9; life++) {
            assertEquals(0, story.log.stream().filter(v -> v.hasRoundClosed()).count());
            assertEquals(0, story.releases().size());
            story.waits(15_000);
            story.changes("b", life, MembershipChange.RETURNED, 0);
        }
        story.waits(15_000);
        if (method.equals("selsync")) {
            assertEquals(1, story.releases().size());
            story.pushes("a", 1, 1, 0, 1);
        }
        assertEquals(1, story.rounds().size(), "a is not held up any more");
        story.changes("b", 9, MembershipChange.RETURNED, 0);
        if (!method.equals("selsync")) {
            story.pushes("a", 1, 2, 1, 1);
            assertEquals(2, story.rounds().size(), "nor by the next start");
        }
    }

    @Test
    void whoFinishesAnIterationAfterAllIsWaitedForAgain() {
        Story story = Story.begun(TWO, "method", "bsp", "start_patience", "2m");
        story.pushes("a", 1, 1, 0, 1);
        story.waits(120_000);
        assertEquals(1, story.rounds().size());
        story.pushes("b", 1, 1, 0, 1);
        assertEquals(1, story.rounds().size());
        story.pushes("a", 1, 2, 1, 1);
        assertEquals(2, story.rounds().size());
        assertEquals(2, story.rounds().get(1).getUpdates());
        story.pushes("a", 1, 3, 2, 1);
        story.waits(500_000);
        assertEquals(2, story.rounds().size(), "b takes part");
    }

    @Test
    void aLateStartHoldsNobodyBackWithItsOldClock() {
        Story story =
                Story.begun(TWO, "method", "ssp", "staleness_bound", "1", "start_patience", "2m");
        story.pushes("a", 1, 1, 0, 1);
        story.pushes("a", 1, 2, 1, 1);
        assertTrue(story.releases().isEmpty(), "b has not moved");
        story.waits(120_000);
        assertEquals(1, story.releases().size());
        for (int clock = 3; clock < 10; clock++) {
            story.pushes("a", 1, clock, clock - 1, 1);
        }
        story.pushes("b", 1, 1, 0, 1);
        int before = story.releases().size();
        story.pushes("a", 1, 10, 9, 1);
        assertEquals(before, story.releases().size());
        assertEquals(0, story.state.getMembersOrThrow("a").getWaits(), "b begins where a is");
    }

    @Test
    void theTimeBeforeTheRunBeginsIsNobodysStart() {
        Story story = new Story("method", "bsp", "min_workers", "2", "start_patience", "2m");
        story.joins("a", 1);
        story.initialModel();
        story.waits(500_000);
        story.joins("b", 1);
        assertEquals(0, story.version());
        story.pushes("b", 1, 1, 0, 1);
        assertEquals(0, story.rounds().size(), "a may begin only now");
        story.waits(120_000);
        assertEquals(1, story.rounds().size());
    }

    @Test
    void whoLeftBeforeTheRunBeganDoesNotCountForIt() {
        Story story = new Story("min_workers", "2");
        story.joins("a", 1);
        story.leaves("a", 1);
        story.initialModel();
        story.joins("b", 1);
        assertEquals(-1, story.version());
        story.joins("a", 2);
        assertEquals(0, story.version());
    }

    @Test
    void aServerThatWasAwayGivesStartsTheirTimeAnew() {
        Story story = Story.begun(TWO, "method", "bsp", "start_patience", "2m");
        story.pushes("a", 1, 1, 0, 1);
        story.nowMs += 500_000;
        story.resumes(7);
        assertEquals(0, story.rounds().size());
        story.waits(120_000);
        assertEquals(1, story.rounds().size());
    }

    @Test
    void aRestoredServerHearsOfThoseWhoJoinedBeforeItEndsARound() {
        Story story = Story.begun(TWO, "method", "bsp");
        story.pushes("a", 1, 1, 0, 1);
        story.resumes(7);
        story.pushes("b", 1, 1, 0, 1);
        assertEquals(0, story.rounds().size(), "c joined after the checkpoint");
        story.joins("c", 1);
        story.waits(1_000);
        assertEquals(0, story.rounds().size());
        story.pushes("c", 1, 1, 0, 1);
        assertEquals(3, story.rounds().get(0).getUpdates());
    }

    @Test
    void whoIsTurnedAwayIsNoMember() {
        Story story = Story.begun(TWO, "method", "bsp");
        story.changes("a", 50, MembershipChange.DISMISSED, 0);
        assertEquals(1, story.state.getMembersOrThrow("a").getIncarnation());
        assertTrue(story.state.getMembersOrThrow("a").getLive());
    }

    @Test
    void aRunKnowsHowManyOfItsWorkersAreHeardOf() {
        Story story = Story.begun(TWO, "method", "asp");
        assertEquals(2, story.state.getHeardOf());
        story.waits(60_000);
        story.isSilent("a", 1, 60_000);
        story.isSilent("b", 1, 60_000);
        assertEquals(0, story.state.getHeardOf(), "though none is evicted");
        story.changes("b", 1, MembershipChange.RETURNED, 0);
        assertEquals(1, story.state.getHeardOf());
        story.leaves("b", 1);
        assertEquals(0, story.state.getHeardOf());
    }
}
