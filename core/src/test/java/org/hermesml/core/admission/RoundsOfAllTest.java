package org.hermesml.core.admission;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.hermesml.core.message.Held;
import org.hermesml.core.message.MergeKind;
import org.hermesml.core.message.RoundClosed;
import org.hermesml.core.message.UpdateId;
import org.hermesml.core.message.Verdict;
import org.junit.jupiter.api.Test;

/** Methods that wait for all, and the one that waits for nobody. */
class RoundsOfAllTest {
    private static final List<String> TWO = List.of("a", "b");

    @Test
    void aRoundClosesWhenAllLiveWorkersAreHeld() {
        Story story = Story.begun(List.of("a", "b", "c"), "method", "bsp");
        story.pushes("a", 1, 1, 1.0);
        story.pushes("c", 1, 1, 1.0);
        assertEquals(0, story.version());

        story.pushes("b", 1, 1, 1.0);
        assertEquals(1, story.version());
        assertEquals(3, story.last().getRoundClosed().getUpdates());
    }

    @Test
    void aDeadWorkerDoesNotHoldTheRoundAlthoughAllOthersOnlyWait() {
        Story story = Story.begun(TWO, "method", "bsp");
        story.pushes("b", 1, 1, 1.0);
        story.waits(15_000);
        story.take(StoryEvents.event().setAlive("b").build());
        story.waits(5_000);
        story.isSilent("a", 1, 20_000);

        assertEquals(1, story.version(), "b said again what it waits for: a alone is silent");
    }

    @Test
    void whoeverWaitsForItsVerdictIsNotSilent() {
        Story story = Story.begun(TWO, "method", "bsp");
        story.pushes("b", 1, 1, 1.0);
        story.waits(20_000);
        story.joins("c", 1);
        story.isSilent("b", 1, 20_000);
        assertTrue(story.state.getMembersOrThrow("b").getLive());
    }

    @Test
    void whenAllFallSilentTogetherNobodyIsEvicted() {
        Story story = Story.begun(TWO, "method", "bsp");
        story.waits(60_000);
        story.isSilent("a", 1, 60_000);
        story.isSilent("b", 1, 60_000);
        assertTrue(story.state.getMembersMap().values().stream().allMatch(m -> m.getLive()));
    }

    @Test
    void oneWhoLeavesOrComesLateIsCountedFromThenOn() {
        Story story = Story.begun(TWO, "method", "bsp");
        story.pushes("a", 1, 1, 1.0);
        story.leaves("b", 1);
        assertEquals(1, story.version());

        story.joins("c", 5);
        story.pushes("a", 1, 2, 1.0);
        assertEquals(1, story.version(), "c belongs to the round since it joined");
        story.pushes("c", 5, 1, 1.0);
        assertEquals(2, story.version());
    }

    @Test
    void anUpdateThatItsRoundHasLeftBehindIsHeldInTheNext() {
        Story story = Story.begun(TWO, "method", "bsp");
        story.holdBack();
        story.pushes("a", 1, 1, 1.0);
        UpdateId b = story.pushes("b", 1, 1, 1.0);
        Verdict heldByB = story.log.remove(story.log.size() - 1);
        story.logHas(Verdict.newBuilder().setRoundClosed(RoundClosed.newBuilder().setUpdates(1)));
        story.log.add(heldByB);
        story.readBack();

        Held again = story.last().getHeld();
        assertEquals(b, again.getId());
        assertEquals(1, again.getRound());
        assertEquals(1, story.version());
    }

    @Test
    void aspScalesEachDeltaByTheNumberOfLiveWorkers() {
        Story story = Story.begun(List.of("a", "b", "c", "d"), "method", "asp");
        story.pushes("a", 1, 1, 1.0);
        assertEquals(0.25, story.last().getAdmitted().getCoefficient());
        assertEquals(MergeKind.ADD, story.last().getAdmitted().getKind());

        story.leaves("d", 1);
        story.leaves("c", 1);
        story.pushes("b", 1, 1, 1.0);
        assertEquals(0.5, story.last().getAdmitted().getCoefficient());
    }
}
