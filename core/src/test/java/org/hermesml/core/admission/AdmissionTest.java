package org.hermesml.core.admission;

import static java.util.stream.Collectors.toSet;
import static org.hermesml.core.log.UpdateIds.INITIAL;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.hermesml.core.log.UpdateIds;
import org.hermesml.core.merge.MergeWeight;
import org.hermesml.core.message.Admitted;
import org.hermesml.core.message.EndReason;
import org.hermesml.core.message.Held;
import org.hermesml.core.message.MergeKind;
import org.hermesml.core.message.RefusalKind;
import org.hermesml.core.message.UpdateForm;
import org.hermesml.core.message.UpdateId;
import org.hermesml.core.message.Verdict;
import org.hermesml.core.state.MembershipChange;
import org.junit.jupiter.api.Test;

class AdmissionTest {
    private static final List<String> TWO = List.of("a", "b");

    // ---- the beginning

    @Test
    void theInitialModelWaitsUntilEnoughWorkersHaveJoined() {
        Story story = new Story("min_workers", "2");
        story.initialModel();
        story.joins("a", 1);
        assertEquals(List.of(), story.log);

        story.joins("b", 2);
        assertEquals(1, story.log.size());
        assertEquals(INITIAL, story.last().getAdmitted().getId());
        assertEquals(MergeKind.REPLACE, story.last().getAdmitted().getKind());
        assertEquals(0, story.version());
    }

    @Test
    void aBrokenInitialModelEndsTheRunAsFailed() {
        Story story = new Story();
        story.joins("a", 1);
        story.ticket(story.goodTicket(INITIAL, 0).setFault("slice 0 does not match its checksum"));

        assertEquals(List.of("slice 0 does not match its checksum"), story.refusals());
        assertEquals(EndReason.FAILED, story.ends().get(0).getReason());
    }

    @Test
    void nobodyElseCanPassForTheInitialModel() {
        Story story = new Story("min_workers", "1");
        story.ticket(story.goodTicket(INITIAL, 0));
        story.ticket(story.goodTicket(UpdateIds.of("", 5, 3), 0));
        story.ticket(story.goodTicket(INITIAL, 1));
        story.joins("a", 1);
        assertEquals(0, story.version());

        story.ticket(story.goodTicket(UpdateIds.of("", 5, 3), 0));
        story.ticket(story.goodTicket(UpdateIds.of("", 5, 3), 1));
        assertEquals(0, story.version(), "the model is not replaced in the midst of a run");
    }

    // ---- one update

    @Test
    void anUpdateIsAdmittedWhenItsReportAndAllSlicesAreInWhateverTheirOrder() {
        UpdateId id = UpdateIds.of("a", 1, 3);
        int[][] orders = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
        for (int[] order : orders) {
            Story story = Story.begun(TWO);
            for (int i = 0; i < order.length; i++) {
                assertEquals(0, story.version());
                if (order[i] == 2) {
                    story.report(id, 0.5);
                } else {
                    story.ticket(id, order[i]);
                }
            }
            assertEquals(1, story.version());
            assertEquals(id, story.last().getAdmitted().getId());
        }
    }

    @Test
    void aSliceThatComesTwiceCountsOnce() {
        Story story = Story.begun(TWO);
        UpdateId id = UpdateIds.of("a", 1, 3);
        story.ticket(id, 0);
        story.ticket(id, 0);
        story.report(id, 0.5);
        assertEquals(0, story.version());

        story.ticket(id, 1);
        assertEquals(1, story.version());
        story.ticket(id, 1);
        story.report(id, 0.5);
        assertEquals(1, story.version(), "what comes after the verdict changes nothing");
    }

    @Test
    void anUpdateOfAnotherShapeIsRefusedWithItsReason() {
        UpdateId id = UpdateIds.of("a", 1, 1);
        assertEquals(
                "the update carries DELTA, this run takes WEIGHTS",
                refusal(id, story -> story.goodTicket(id, 0).setForm(UpdateForm.DELTA)));
        assertEquals(
                "the update carries UNRECOGNIZED, this run takes WEIGHTS",
                refusal(id, story -> story.goodTicket(id, 0).setFormValue(77)),
                "a form of a later release");
        assertEquals(
                "slice 7 of 9 does not fit a model of 2 slices",
                refusal(id, story -> story.goodTicket(id, 0).setSlice(7).setSliceCount(9)));
        assertEquals(
                "slice 1 of shard 1 holds parameters 4 to 9, this run wants 5 to 10",
                refusal(id, story -> story.goodTicket(id, 1).setFirst(4)));
        assertEquals(
                "slice 1 holds NaN or infinity",
                refusal(
                        id,
                        s ->
                                s.goodTicket(id, 1)
                                        .setFault("slice 1 holds NaN or infinity")
                                        .setFaultKind(RefusalKind.NOT_FINITE)));
    }

    private static String refusal(
            UpdateId id,
            java.util.function.Function<Story, org.hermesml.core.state.Ticket.Builder> ticket) {
        Story story = Story.begun(TWO);
        story.ticket(ticket.apply(story));
        assertEquals(List.of(), story.refusals(), "not before its worker has committed it");
        story.report(id, 0.5);
        story.waits(999);
        assertEquals(List.of(), story.refusals(), "a sound one may be on its way");
        story.waits(1);
        assertEquals(id, story.last().getRefused().getId());
        return story.refusals().get(0);
    }

    @Test
    void anUpdateWhoseGateWasNotSatisfiedIsRefusedAtOnce() {
        Story story = Story.begun(TWO);
        story.report(UpdateIds.of("a", 1, 1), 0.5, "the gate is not satisfied");
        assertEquals(List.of("the gate is not satisfied"), story.refusals());
    }

    @Test
    void aLossThatIsNoNumberIsRefused() {
        for (double loss : new double[] {Double.NaN, Double.POSITIVE_INFINITY, -0.1}) {
            Story story = Story.begun(TWO);
            story.pushes("a", 1, 1, loss);
            assertEquals(List.of("its reported held-out loss is " + loss), story.refusals());
        }
    }

    @Test
    void anUpdateThatStaysIncompleteIsRefusedAfterThePushDeadline() {
        Story story = Story.begun(TWO, "push_deadline", "10s");
        story.ticket(UpdateIds.of("a", 1, 1), 0);
        story.waits(9_999);
        assertEquals(List.of(), story.refusals());

        story.waits(1);
        assertEquals(
                List.of("incomplete 10 s after its last slice: 1 of 2 slices, no report"),
                story.refusals());
    }

    @Test
    void whatALifeLeftUndoneIsRefusedWhenALaterOneOfTheWorkerBegins() {
        Story story = Story.begun(TWO);
        story.ticket(UpdateIds.of("a", 1, 1), 0);
        story.changes("a", 9, MembershipChange.RETURNED, 0);
        assertEquals(List.of(), story.refusals(), "nobody waits for a verdict");
        assertEquals(
                List.of(
                        new Admission.Forgotten(
                                UpdateIds.of("a", 1, 1),
                                RefusalKind.EARLIER_LIFE,
                                "a later life of this worker has begun")),
                story.forgotten);
    }

    @Test
    void slicesUnderAForgedIdAreInNobodysWayAndAreForgotten() {
        Story story = Story.begun(TWO, "push_deadline", "10s");
        List<UpdateId> forged =
                List.of(
                        UpdateIds.of("a", 1L << 50, 1),
                        UpdateIds.of("a", 1, 1L << 50),
                        UpdateIds.of("nobody", 3, 1));
        forged.forEach(id -> story.ticket(id, 0));
        story.pushes("a", 1, 1, 0.5);
        forged.forEach(id -> story.ticket(id, 1));
        story.pushes("b", 1, 1, 0.5);
        assertEquals(2, story.version(), "as if they were not there");
        assertEquals(0, story.state.getPendingCount());

        story.waits(10_000);
        assertEquals(
                Set.copyOf(forged),
                story.forgotten.stream().map(Admission.Forgotten::id).collect(toSet()));
        assertEquals(0, story.state.getUncommittedCount());
        assertEquals(List.of(), story.refusals());
        story.pushes("a", 1, 2, 0.4);
        assertEquals(3, story.version(), "nothing of a's is taken for decided");
    }

    @Test
    void aReportOfWhatIsForgottenIsRefusedAndNeverWaitsForSlicesThatAreGone() {
        Story story = Story.begun(TWO, "push_deadline", "10s");
        UpdateId id = UpdateIds.of("c", 5, 1);
        story.ticket(id, 0);
        story.ticket(id, 1);
        story.waits(10_000);
        assertEquals(RefusalKind.UNKNOWN_WORKER, story.forgotten.get(0).kind());

        story.joins("c", 5);
        story.report(id, 0.5);
        assertEquals(List.of("its report came too long after its slices"), story.refusals());
    }

    @Test
    void updatesWithoutReportsDoNotPileUp() {
        Story story = Story.begun(TWO);
        for (int i = 1; i <= 1_000; i++) {
            story.ticket(UpdateIds.of("stranger-" + i, 1, 1), 0);
            story.ticket(UpdateIds.of("a", 1, i), 0);
        }
        assertEquals(256 + 4, story.state.getUncommittedCount());
        assertEquals(64, story.state.getForgottenCount());
        assertEquals(2_000 - 260, story.forgotten.size());
        assertEquals(RefusalKind.TOO_MANY, story.forgotten.get(0).kind());
    }

    @Test
    void aSliceThatComesOnceMoreAsItShouldBeMakesUpForABrokenOne() {
        Story story = Story.begun(TWO);
        UpdateId id = UpdateIds.of("a", 1, 1);
        story.ticket(
                story.goodTicket(id, 0)
                        .setFault("slice 0 does not match its checksum")
                        .setFaultKind(RefusalKind.WRONG_CHECKSUM));
        story.report(id, 0.5);
        story.ticket(id, 0);
        story.ticket(id, 1);
        assertEquals(1, story.version());
    }

    @Test
    void twoLossesOfZeroWeighTheSame() {
        Story story = Story.begun(TWO, "loss_power", "3");
        story.pushes("a", 1, 1, 0.0);
        story.pushes("b", 1, 1, 0.0);
        assertEquals(0.5, story.last().getAdmitted().getCoefficient());
    }

    @Test
    void aCompleteUpdateThatALaterOneOvertakesIsRefusedWithAReason() {
        Story story = Story.begun(TWO, "method", "official");
        story.pushes("a", 1, 1, 0.5);
        story.pushes("b", 1, 1, 0.5);
        story.ticket(UpdateIds.of("b", 7, 1), 0);
        assertEquals(List.of(), story.refusals(), "slices alone may be anybody's");
        story.report(UpdateIds.of("b", 7, 1), 0.5);

        assertEquals(
                List.of("a later update of this worker came before it was decided"),
                story.refusals());
    }

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

    // ---- bsp and asp

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
        story.take(Story.event().setAlive("b").build());
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
        story.logHas(
                Verdict.newBuilder()
                        .setRoundClosed(
                                org.hermesml.core.message.RoundClosed.newBuilder().setUpdates(1)));
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

    // ---- the end

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
        story.logHas(
                Verdict.newBuilder()
                        .setResumed(org.hermesml.core.message.Resumed.getDefaultInstance())
                        .setLife(1_000));
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
