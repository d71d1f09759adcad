package org.hermesml.core.admission;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.hermesml.core.log.UpdateIds;
import org.hermesml.core.message.Admitted;
import org.hermesml.core.message.EndReason;
import org.hermesml.core.message.MergeKind;
import org.hermesml.core.message.Resumed;
import org.hermesml.core.message.UpdateId;
import org.hermesml.core.message.Verdict;
import org.junit.jupiter.api.Test;

/** How a run ends, and how a new life of the server goes on. */
class AdmissionEndsTest {
    private static final List<String> TWO = List.of("a", "b");

    // ---- the end

    @Test
    void theRunFailsWhenTheTrainingOfAllGaveNaN() {
        Story story = Story.begun(TWO);
        story.diverges("b", 2);
        assertEquals(List.of(), story.ends(), "the other goes on");
        story.diverges("a", 1);
        assertEquals(1, story.ends().size());
        assertEquals(EndReason.FAILED, story.ends().get(0).getReason());
        assertEquals(
                "a: The loss of a became NaN; 2 of 2 workers ended so, and none goes on",
                story.ends().get(0).getText());
    }

    @Test
    void whatWorkersSayOfTheirNaNIsKeptWithinBoundsAndFitToBeShown() {
        Story story = Story.begun(TWO);
        story.diverges("a", 1, "\u001b[2J" + "x".repeat(900_000));
        story.diverges("b", 2, "");
        assertTrue(story.state.getSerializedSize() < 10_000);
        String text = story.ends().get(0).getText();
        assertTrue(text.startsWith("a: ?[2Jxxx") && text.length() < 600, text);
        story.state
                .getMembersMap()
                .forEach((worker, member) -> assertFalse(member.getDiverged().isEmpty(), worker));
    }

    @Test
    void aWorkerWhoseTrainingGaveNaNIsNoReasonWhileOthersMayComeBack() {
        Story story = Story.begun(TWO);
        story.leaves("b", 2);
        story.diverges("a", 1);
        assertEquals(List.of(), story.ends(), "b may come back");
    }

    @Test
    void whoComesBackAfterNaNIsCountedOnceMore() {
        Story story = Story.begun(TWO);
        story.diverges("a", 1);
        story.joins("a", 7);
        story.diverges("b", 2);
        assertEquals(List.of(), story.ends());
        story.leaves("a", 7);
        assertEquals(List.of(), story.ends(), "only one of two gave NaN in its present life");
    }

    @Test
    void theTargetEndsTheRunOnce() {
        Story story = Story.begun(TWO, "target_accuracy", "0.9");
        story.holdBack();
        story.score(0, 0.2, 0.95);
        story.score(0, 0.2, 0.96);
        story.isAskedToStop();
        assertEquals(1, story.ends().size());
        assertEquals(EndReason.TARGET, story.ends().get(0).getReason());

        story.readBack();
        story.pushes("a", 1, 1, 0.5);
        assertEquals(1, story.ends().size());
        assertEquals(0, story.version(), "nothing is decided after the end");
        assertEquals(Long.MAX_VALUE, story.wakeMs);
    }

    @Test
    void aRunThatHasLevelledOffEndsAfterHalfItsTimeWithoutARise() {
        Story level = levelAfterThirtySeconds("level_end", "true");
        level.waits(29_999);
        level.score(200, 0.49, 0.9009);
        assertEquals(List.of(), level.ends(), "less than half of the time");
        level.waits(1);
        level.score(200, 0.49, 0.9009);
        assertEquals(EndReason.CONVERGED, level.ends().get(0).getReason());
        assertEquals("levelled off 30s after its start", level.ends().get(0).getText());

        Story off = levelAfterThirtySeconds();
        off.waits(1_000_000);
        off.score(200, 0.49, 0.9009);
        assertEquals(List.of(), off.ends(), "off unless set");

        Story rises = levelAfterThirtySeconds("level_end", "true");
        rises.score(150, 0.49, 0.901);
        rises.waits(30_000);
        rises.score(200, 0.49, 0.901);
        assertEquals(List.of(), rises.ends(), "too few versions since the rise");
    }

    private static Story levelAfterThirtySeconds(String... more) {
        List<String> settings = new ArrayList<>(List.of("patience", "100000", "max_time", "10h"));
        settings.addAll(List.of(more));
        Story story = Story.begun(TWO, settings.toArray(String[]::new));
        for (int i = 1; i <= 200; i++) {
            story.pushes("a", 1, i, 0.5);
        }
        story.waits(30_000);
        story.score(99, 0.5, 0.9);
        return story;
    }

    @Test
    void patienceTimeBytesVersionsAndPeopleEndARun() {
        Story patience = Story.begun(TWO, "patience", "2");
        patience.score(0, 0.5, 0.1);
        for (int i = 1; i <= 2; i++) {
            assertEquals(List.of(), patience.ends());
            patience.pushes("a", 1, i, 0.5);
            patience.score(i, 0.6, 0.1);
        }
        assertEquals(EndReason.CONVERGED, patience.ends().get(0).getReason());
        assertEquals(0, patience.ends().get(0).getBestVersion());

        Story time = Story.begun(TWO, "max_time", "60s");
        time.waits(59_999);
        assertEquals(List.of(), time.ends());
        time.waits(1);
        assertEquals("the time of 1m is over", time.ends().get(0).getText());

        Story bytes = Story.begun(TWO, "max_bytes", "400");
        assertEquals(List.of(), bytes.ends());
        bytes.pushes("a", 1, 1, 0.5);
        assertEquals("the budget of 400 bytes is spent", bytes.ends().get(0).getText());

        Story versions = Story.begun(TWO, "max_versions", "1");
        assertEquals(List.of(), versions.ends());
        versions.pushes("a", 1, 1, 0.5);
        assertEquals("the budget of 1 versions is spent", versions.ends().get(0).getText());

        Story stopped = Story.begun(TWO);
        stopped.isAskedToStop();
        assertEquals(EndReason.STOPPED, stopped.ends().get(0).getReason());
    }

    // ---- a new life

    @Test
    void aNewLifeDecidesNothingBeforeItHasReadTheLogUpToItsMark() {
        Story story = new Story();
        story.resumes(7);
        story.joins("a", 1);
        story.initialModel();
        story.holdBack();
        story.resumes(8);
        story.pushes("a", 1, 1, 0.5);
        story.isAskedToStop();
        assertTrue(story.last().hasResumed());
        assertEquals(8, story.last().getLife());

        story.readBack();
        assertEquals(UpdateIds.of("a", 1, 1), story.last().getAdmitted().getId());
        assertEquals(8, story.last().getLife());
    }

    @Test
    void whatAnEarlierLifeWritesAfterTheMarkDoesNotCount() {
        Story story = Story.begun(TWO);
        story.resumes(8);
        story.logHas(
                Verdict.newBuilder()
                        .setAdmitted(
                                Admitted.newBuilder()
                                        .setId(UpdateIds.of("b", 1, 1))
                                        .setKind(MergeKind.REPLACE)));
        story.pushes("a", 1, 1, 0.5);
        assertEquals(1, story.version());
        assertEquals(1, Story.counting(story.log).get(1).getVersion());
        assertEquals(
                "a",
                Story.counting(story.log).get(1).getVerdict().getAdmitted().getId().getWorker());
    }

    @Test
    void aLifeWhoseClockIsBehindTakesAHigherNumber() {
        Story story = Story.begun(TWO);
        story.logHas(Verdict.newBuilder().setResumed(Resumed.getDefaultInstance()).setLife(1_000));
        story.resumes(5);
        story.pushes("a", 1, 1, 0.5);
        assertEquals(1_001, story.last().getLife());
        assertEquals(1, story.version());
    }

    @Test
    void deadlinesStartAnewWithANewLife() {
        Story story = Story.begun(TWO, "push_deadline", "10s");
        UpdateId id = UpdateIds.of("a", 1, 1);
        story.ticket(id, 0);
        story.nowMs += 60_000;
        story.resumes(8);
        story.ticket(id, 1);
        story.report(id, 0.5);
        assertEquals(List.of(), story.refusals());
        assertFalse(story.last().hasRefused());
        assertEquals(1, story.version());
    }
}
