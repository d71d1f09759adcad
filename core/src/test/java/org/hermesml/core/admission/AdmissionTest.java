package org.hermesml.core.admission;

import static java.util.stream.Collectors.toSet;
import static org.hermesml.core.log.UpdateIds.INITIAL;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Set;
import org.hermesml.core.log.UpdateIds;
import org.hermesml.core.message.EndReason;
import org.hermesml.core.message.MergeKind;
import org.hermesml.core.message.RefusalKind;
import org.hermesml.core.message.UpdateForm;
import org.hermesml.core.message.UpdateId;
import org.hermesml.core.state.MembershipChange;
import org.junit.jupiter.api.Test;

/** From the first slice of an update to the verdict on it. */
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
}
