package org.hermesml.core.publish;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.hermesml.core.log.UpdateIds;
import org.hermesml.core.message.Directive;
import org.hermesml.core.message.EndReason;
import org.hermesml.core.message.RecordAddress;
import org.hermesml.core.message.RunEnd;
import org.hermesml.core.message.Verdict;
import org.hermesml.core.state.Membership;
import org.hermesml.core.state.MembershipChange;
import org.hermesml.core.state.NumberedVerdict;
import org.hermesml.core.state.PublishState;
import org.hermesml.core.state.ReleasedWorker;
import org.hermesml.core.state.RunEvent;
import org.hermesml.core.state.SettledPush;
import org.hermesml.core.state.SliceAddress;
import org.junit.jupiter.api.Test;

class PublicationTest {
    private static final int SLICES = 3;

    private PublishState state = PublishState.getDefaultInstance();
    private final List<RunEnd> ends = new ArrayList<>();

    @Test
    void aVersionIsToldOnceAllItsSlicesAreWrittenInSliceOrder() {
        assertEquals(List.of(), slice(0, 2, 11));
        assertEquals(List.of(), slice(0, 0, 12));
        assertEquals(List.of(), slice(0, 0, 99), "a slice written twice counts once");
        List<Directive> told = slice(0, 1, 13);

        assertEquals(1, told.size());
        assertEquals("", told.get(0).getWorker(), "for everybody");
        assertEquals(List.of(12L, 13L, 11L), offsets(told.get(0)));
        assertEquals(List.of(), slice(0, 1, 14), "and told once");
    }

    @Test
    void anOlderVersionThatIsCompleteLaterIsNotToldAnyMore() {
        slice(4, 0, 1);
        version(5);
        assertEquals(List.of(), slice(4, 1, 2));
        assertEquals(List.of(), slice(4, 2, 3));
        assertEquals(5, state.getNewest().getVersion());
        assertEquals(0, state.getIncompleteCount(), "what is left of older versions goes");
    }

    @Test
    void anOutcomeWaitsForTheVersionThatHoldsTheUpdate() {
        version(0);
        assertEquals(List.of(), settled("a", 1, true));
        slice(1, 0, 1);
        slice(1, 1, 2);
        List<Directive> told = slice(1, 2, 3);

        assertEquals(2, told.size());
        assertTrue(told.get(0).hasModel());
        assertEquals("a", told.get(1).getWorker());
        assertEquals(17, told.get(1).getIncarnation());
        assertEquals(1, told.get(1).getOutcome().getModel().getVersion());
        assertTrue(told.get(1).getOutcome().getAdmitted());
    }

    @Test
    void aRefusalIsToldAtOnceWithItsReasonAndTheNewestModel() {
        version(0);
        List<Directive> told = settled("a", 0, false);
        assertEquals("because", told.get(0).getOutcome().getReason());
        assertEquals(0, told.get(0).getOutcome().getModel().getVersion());
    }

    @Test
    void aReleaseGoesToItsWorkerAloneAndAnOutcomeSaysHowLongToGoOn() {
        version(0);
        ReleasedWorker released =
                ReleasedWorker.newBuilder()
                        .setRun("run-1")
                        .setWorker("a")
                        .setIncarnation(17)
                        .setClock(4)
                        .setPush(true)
                        .build();
        Directive told = apply(RunEvent.newBuilder().setReleased(released)).get(0);
        assertEquals("a", told.getWorker());
        assertEquals(17, told.getIncarnation());
        assertEquals(4, told.getRelease().getClock());
        assertTrue(told.getRelease().getPush());

        SettledPush settled =
                SettledPush.newBuilder()
                        .setId(UpdateIds.of("a", 17, 4))
                        .setAdmitted(true)
                        .setIterations(6)
                        .build();
        Directive outcome = apply(RunEvent.newBuilder().setSettled(settled)).get(0);
        assertEquals(6, outcome.getOutcome().getIterations());
    }

    @Test
    void aNewcomerGetsTheNewestVersionOrTheFirstWhenThereIsOne() {
        assertEquals(List.of(), member("a", MembershipChange.JOINED));
        version(0);
        version(1);
        Directive told = member("b", MembershipChange.RETURNED).get(0);
        assertEquals("b", told.getWorker());
        assertEquals(1, told.getModel().getVersion());
        assertEquals(List.of(), member("b", MembershipChange.SILENT));
    }

    @Test
    void aDismissedLifeIsToldWhy() {
        Directive told = member("a", MembershipChange.DISMISSED).get(0);
        assertEquals("because", told.getDismissal().getReason());
        assertEquals(17, told.getIncarnation());
    }

    @Test
    void aRunWhoseTopicIsGoneEndsAsFailedWhateverItWaitsFor() {
        version(0);
        slice(1, 0, 1);
        Publication.Step step =
                Publication.apply(state, event().setTopicGone("hermes.models.run-1").build());
        assertEquals(EndReason.FAILED, step.end().orElseThrow().getReason());
        assertEquals("its topic hermes.models.run-1 is gone", step.end().get().getText());
        assertTrue(step.directives().get(0).hasStop());
        Publication.Step again =
                Publication.apply(
                        step.state(), event().setTopicGone("hermes.models.run-1").build());
        assertTrue(again.end().isEmpty(), "it ends once");
    }

    @Test
    void theEndWaitsForTheLastVersionAndNothingFollowsIt() {
        version(0);
        assertEquals(List.of(), end(1, false));
        slice(1, 0, 1);
        slice(1, 1, 2);
        List<Directive> told = slice(1, 2, 3);

        assertTrue(told.get(0).hasModel());
        assertTrue(told.get(1).hasStop());
        assertEquals(EndReason.TARGET, ends.get(0).getReason());
        assertEquals(List.of(), version(2));
        assertEquals(List.of(), settled("a", 0, true));
        assertEquals(List.of(), end(1, false));
        assertEquals(1, ends.size());
        assertEquals(0, state.getIncompleteCount() + state.getWaitingCount());
    }

    @Test
    void anEndThatCameSecondIsNoEnd() {
        version(0);
        assertEquals(List.of(), end(0, true));
        assertEquals(List.of(), ends);
    }

    @Test
    void aRunMayEndBeforeItsFirstVersion() {
        assertTrue(end(-1, false).get(0).hasStop());
    }

    private List<Directive> version(long version) {
        List<Directive> told = new ArrayList<>();
        for (int slice = 0; slice < SLICES; slice++) {
            told.addAll(slice(version, slice, 100 * version + slice));
        }
        return told;
    }

    private List<Directive> slice(long version, int slice, long offset) {
        return apply(
                event().setSlice(
                                SliceAddress.newBuilder()
                                        .setRun("run-1")
                                        .setVersion(version)
                                        .setSlice(slice)
                                        .setSliceCount(SLICES)
                                        .setAddress(RecordAddress.newBuilder().setOffset(offset))));
    }

    private List<Directive> settled(String worker, long version, boolean admitted) {
        return apply(
                event().setSettled(
                                SettledPush.newBuilder()
                                        .setRun("run-1")
                                        .setId(UpdateIds.of(worker, 17, 3))
                                        .setAdmitted(admitted)
                                        .setReason(admitted ? "" : "because")
                                        .setVersion(version)));
    }

    private List<Directive> member(String worker, MembershipChange change) {
        return apply(
                event().setMembership(
                                Membership.newBuilder()
                                        .setRun("run-1")
                                        .setWorker(worker)
                                        .setIncarnation(17)
                                        .setChange(change)
                                        .setReason("because")));
    }

    private List<Directive> end(long version, boolean ignored) {
        RunEnd end = RunEnd.newBuilder().setReason(EndReason.TARGET).build();
        return apply(
                event().setVerdict(
                                NumberedVerdict.newBuilder()
                                        .setVersion(version)
                                        .setIgnored(ignored)
                                        .setVerdict(Verdict.newBuilder().setEnd(end))));
    }

    private List<Directive> apply(RunEvent.Builder event) {
        Publication.Step step = Publication.apply(state, event.build());
        state = step.state();
        step.end().ifPresent(ends::add);
        return step.directives();
    }

    private static RunEvent.Builder event() {
        return RunEvent.newBuilder().setRun("run-1");
    }

    private static List<Long> offsets(Directive directive) {
        return directive.getModel().getSlicesList().stream().map(RecordAddress::getOffset).toList();
    }
}
