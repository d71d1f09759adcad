package org.hermesml.core.admission;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.hermesml.core.log.UpdateIds;
import org.hermesml.core.merge.MergeWeight;
import org.hermesml.core.message.Admitted;
import org.hermesml.core.message.MergeKind;
import org.hermesml.core.message.UpdateId;
import org.hermesml.core.state.MembershipChange;
import org.junit.jupiter.api.Test;

/** How much an update counts that is admitted by itself. */
class AdmissionWeightsTest {
    private static final List<String> TWO = List.of("a", "b");

    // ---- weights

    @Test
    void theFirstUpdateReplacesTheInitialModelAndTheNextIsWeighedByItsLoss() {
        Story story = Story.begun(TWO);
        story.score(0, 2.3, 0.1);
        story.pushes("a", 1, 1, 1.0);
        assertEquals(MergeKind.REPLACE, story.last().getAdmitted().getKind());

        story.score(1, 0.9, 0.7);
        story.pushes("b", 1, 1, 0.3);
        Admitted second = story.last().getAdmitted();
        assertEquals(MergeKind.AVERAGE, second.getKind());
        assertEquals(0.9, second.getGlobalLoss());
        assertEquals(1, second.getGlobalVersion());
        assertEquals(
                MergeWeight.ofWorker(1, Math.pow(0.3 / 0.9, 10)), second.getCoefficient(), 1e-12);
    }

    @Test
    void whatAWorkerTrainedSinceItsPullWeighsItsUpdate() {
        Story story = scoredAfter(2000, "loss_power", "1");
        story.trains("b", 1, 1, 1, 300, false);
        story.trains("b", 1, 2, 1, 200, true);
        Admitted second = story.last().getAdmitted();
        assertEquals(500, second.getWork());
        assertEquals(MergeWeight.ofWorker(0.9, 2000, 0.5, 500), second.getCoefficient(), 1e-12);
        assertEquals(0.9 * 2000 + 0.1 * 500, story.state.getMeanWork(), 1e-9);
    }

    @Test
    void workIsCountedAnewAfterAPushAndAfterAPull() {
        Story story = scoredAfter(2000);
        story.trains("b", 1, 1, 1, 300, true);
        // The same version once more: no newer one came, or the push was refused.
        story.trains("b", 1, 2, 1, 200, true);
        assertEquals(200, story.last().getAdmitted().getWork());
        story.trains("b", 1, 3, 2, 70, false);
        story.trains("b", 1, 4, 3, 80, true);
        assertEquals(80, story.last().getAdmitted().getWork());
    }

    @Test
    void aLaterLifeOfAWorkerBeginsWithoutWork() {
        Story story = scoredAfter(2000);
        story.trains("b", 1, 1, 1, 300, false);
        story.changes("b", 7, MembershipChange.RETURNED, 0);
        story.trains("b", 7, 1, 1, 200, true);
        assertEquals(200, story.last().getAdmitted().getWork());
    }

    @Test
    void theWorkOfAWorkerThatNobodyKnowsIsThatOfItsReport() {
        Story story = scoredAfter(2000);
        story.trains("stranger", 1, 1, 1, 300, true);
        assertEquals(300, story.last().getAdmitted().getWork());
    }

    @Test
    void whatWeighsAnUpdateIsASetting() {
        Story byLoss = scoredAfter(2000, "merge_weight", "loss", "loss_power", "1");
        byLoss.trains("b", 1, 1, 1, 300, true);
        assertEquals(
                MergeWeight.ofWorker(0.9, 0.5),
                byLoss.last().getAdmitted().getCoefficient(),
                1e-12);

        Story equal = scoredAfter(2000, "merge_weight", "equal");
        equal.trains("b", 1, 1, 1, 300, true);
        assertEquals(0.5, equal.last().getAdmitted().getCoefficient());
    }

    /**
     * Version 1, with a loss of 0.9, was made by a worker that had trained {@code work} samples.
     */
    private static Story scoredAfter(int work, String... settings) {
        Story story = Story.begun(TWO, settings);
        story.trains("a", 1, 1, 0, work, true);
        story.score(1, 0.9, 0.7);
        return story;
    }

    @Test
    void twoUpdatesAtOnceAreNotBothTheFirst() {
        Story story = Story.begun(TWO);
        story.holdBack();
        story.pushes("a", 1, 1, 1.0);
        story.pushes("b", 1, 1, 1.0);
        story.readBack();

        assertEquals(MergeKind.AVERAGE, story.last().getAdmitted().getKind());
        assertEquals(2, story.version());
    }

    @Test
    void aRefusalInFlightLeavesTheFirstUpdateTheFirst() {
        Story story = Story.begun(TWO);
        story.holdBack();
        story.report(UpdateIds.of("a", 1, 1), 0.5, "the gate is not satisfied");
        story.pushes("b", 1, 1, 1.0);
        story.readBack();

        assertEquals(MergeKind.REPLACE, story.last().getAdmitted().getKind());
    }

    @Test
    void aLateScoreIsReplacedByTheWorkersLossButNeverByABetterOneThanTheRecentMedian() {
        Story story = Story.begun(TWO, "score_deadline", "5s");
        story.score(0, 2.0, 0.1);
        story.pushes("a", 1, 1, 0.01);
        story.waits(5_000);
        story.pushes("b", 1, 1, 0.5);
        assertEquals(2.0, story.last().getAdmitted().getGlobalLoss());
        assertEquals(-1, story.last().getAdmitted().getGlobalVersion());

        Story worse = Story.begun(TWO, "score_deadline", "5s");
        worse.score(0, 2.0, 0.1);
        worse.pushes("a", 1, 1, 3.0);
        worse.waits(5_000);
        worse.pushes("b", 1, 1, 0.5);
        assertEquals(3.0, worse.last().getAdmitted().getGlobalLoss());
    }

    @Test
    void anEvaluatorThatIsAlwaysAVersionBehindIsNotLate() {
        Story story = Story.begun(TWO, "score_deadline", "5s");
        story.pushes("a", 1, 1, 1.0);
        for (int i = 2; i < 8; i++) {
            story.waits(2_000);
            story.pushes("a", 1, i, 1.0);
            story.score(i - 1, 0.8, 0.5);
        }
        story.pushes("b", 1, 1, 1.0);
        assertEquals(6, story.last().getAdmitted().getGlobalVersion());
    }

    @Test
    void aScoreThatComesBeforeItsVersionCountsOnceTheVersionIsThere() {
        Story story = Story.begun(TWO);
        story.holdBack();
        story.pushes("a", 1, 1, 1.0);
        story.score(1, 0.4, 0.8);
        story.score(1_000_000, 0.1, 1.0);
        assertEquals(0, story.state.getScores().getNewestVersionPlusOne());

        story.readBack();
        assertEquals(0.4, story.state.getScores().getNewestLoss());
    }

    @Test
    void scoresOfVersionsThatNeverComeDoNotPileUp() {
        Story story = Story.begun(TWO);
        for (int version = 10_000; version > 1; version--) {
            story.score(version, 0.4, 0.8);
        }
        assertEquals(256, story.state.getEarlyScoresCount());
        assertEquals(2, story.state.getEarlyScores(0).getVersion(), "the nearest are kept");
    }

    // ---- official

    @Test
    void officialDecidesOneUpdateAtATimeEachAfterTheScoreOfTheVersionBefore() {
        Story story = Story.begun(TWO, "method", "official");
        UpdateId first = story.pushes("a", 1, 1, 1.0);
        assertEquals(MergeKind.LOSS_WEIGHTED_SUM, story.last().getAdmitted().getKind());
        assertEquals(first, story.last().getAdmitted().getId());

        UpdateId second = story.pushes("b", 1, 1, 1.0);
        story.score(second, 0.6);
        assertEquals(1, story.version(), "version 1 has no score yet");

        story.score(1, 0.9, 0.5);
        assertEquals(second, story.last().getAdmitted().getId());
        assertEquals(MergeWeight.ofWorker(0.9, 0.6), story.last().getAdmitted().getCoefficient());

        story.score(2, 0.8, 0.5);
        UpdateId third = story.pushes("a", 1, 2, 0.7);
        assertEquals(2, story.version(), "the update itself has no score yet");
        story.waits(5_000);
        assertEquals(third, story.last().getAdmitted().getId());
        assertEquals(0.9, story.last().getAdmitted().getWorkerLoss(), 0.06);
    }

    @Test
    void officialRefusesAnUpdateWhoseScoreIsNoNumber() {
        Story story = Story.begun(TWO, "method", "official");
        story.pushes("a", 1, 1, 1.0);
        story.score(1, 0.9, 0.5);
        UpdateId second = story.pushes("b", 1, 1, 1.0);
        story.score(second, Double.NaN);
        assertEquals(List.of("its held-out loss at the server is NaN"), story.refusals());
    }
}
