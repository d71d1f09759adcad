package org.hermesml.edge.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.hermesml.core.message.Allocation;
import org.hermesml.core.message.Directive;
import org.hermesml.core.message.Dismissal;
import org.hermesml.core.message.ModelVersion;
import org.hermesml.core.message.Outcome;
import org.hermesml.core.message.PushState;
import org.hermesml.core.message.RecordAddress;
import org.hermesml.core.message.RunEnd;
import org.junit.jupiter.api.Test;

class InboxTest {
    private final Inbox inbox = new Inbox("pi-1");

    private static Directive.Builder to(String worker, long incarnation) {
        return Directive.newBuilder()
                .setProtocol(1)
                .setRun("r")
                .setWorker(worker)
                .setIncarnation(incarnation);
    }

    private static ModelVersion version(long version) {
        return ModelVersion.newBuilder()
                .setVersion(version)
                .addSlices(RecordAddress.newBuilder().setOffset(version))
                .build();
    }

    private static Allocation.Builder allocation(long generation) {
        return Allocation.newBuilder().setGeneration(generation);
    }

    @Test
    void whatIsMeantForOthersOrForAnEarlierLifeIsIgnored() {
        inbox.open(7);
        inbox.take(to("pi-2", 7).setAllocation(allocation(1)).build());
        inbox.take(to("pi-1", 6).setAllocation(allocation(2)).build());
        assertTrue(inbox.allocation().isEmpty());
        inbox.take(to("pi-1", 7).setAllocation(allocation(3)).build());
        assertEquals(3, inbox.allocation().orElseThrow().getGeneration());
    }

    @Test
    void anAnswerThatIsFasterThanTheHellosAcknowledgementIsNotLost() {
        inbox.take(to("pi-1", 7).setAllocation(allocation(1)).build());
        inbox.take(to("pi-1", 6).setAllocation(allocation(9)).build());
        assertTrue(inbox.allocation().isEmpty());
        inbox.open(7);
        assertEquals(1, inbox.allocation().orElseThrow().getGeneration());
    }

    @Test
    void whatItBeginsWithComesWithItsFirstAllocationAndIsNotChangedByLaterOnes() {
        inbox.open(7);
        inbox.take(
                to("pi-1", 6)
                        .setAllocation(allocation(1))
                        .setBegin(PushState.newBuilder().setThreshold(-9))
                        .build());
        assertTrue(inbox.begin().isEmpty());
        inbox.take(
                to("pi-1", 7)
                        .setAllocation(allocation(1))
                        .setBegin(PushState.newBuilder().setThreshold(-1))
                        .build());
        inbox.take(
                to("pi-1", 7)
                        .setAllocation(allocation(2))
                        .setBegin(PushState.newBuilder().setThreshold(-2))
                        .build());
        assertEquals(-1, inbox.begin().orElseThrow().getThreshold());
    }

    @Test
    void aLiveRivalIsNoticedAndOneThatMayBeDeadIsNot() {
        inbox.open(7);
        Dismissal.Builder dismissal = Dismissal.newBuilder().setReason("Another.");
        inbox.take(to("pi-1", 6).setDismissal(dismissal).build());
        inbox.take(to("pi-2", 6).setDismissal(dismissal.setRival(true)).build());
        assertEquals(0, inbox.rivals());
        inbox.take(to("pi-1", 9).setDismissal(dismissal).build());
        assertEquals(1, inbox.rivals());
        assertTrue(inbox.dismissal().isEmpty());
    }

    @Test
    void anOlderVersionOrAllocationThatComesLateChangesNothing() {
        inbox.open(0);
        inbox.take(to("", 0).setModel(version(5)).build());
        inbox.take(to("", 0).setModel(version(4)).build());
        inbox.take(to("pi-1", 0).setAllocation(allocation(2)).build());
        inbox.take(to("pi-1", 0).setAllocation(allocation(1)).build());
        assertEquals(5, inbox.newest().orElseThrow().getVersion());
        assertEquals(2, inbox.allocation().orElseThrow().getGeneration());
    }

    @Test
    void anOutcomeIsKnownByItsSequenceAndBringsItsVersion() {
        inbox.open(0);
        inbox.take(
                to("pi-1", 0)
                        .setOutcome(
                                Outcome.newBuilder()
                                        .setSequence(3)
                                        .setAdmitted(true)
                                        .setModel(version(8)))
                        .build());
        assertTrue(inbox.outcome(2).isEmpty());
        assertTrue(inbox.outcome(3).orElseThrow().getAdmitted());
        assertEquals(8, inbox.newest().orElseThrow().getVersion());
    }

    @Test
    void theEndOfTheRunIsForAllAndADismissalForOne() {
        inbox.open(0);
        inbox.take(to("pi-2", 0).setDismissal(Dismissal.newBuilder().setReason("Bad.")).build());
        assertFalse(inbox.isOver());
        inbox.take(to("pi-1", 0).setDismissal(Dismissal.newBuilder().setReason("Silent.")).build());
        inbox.take(to("", 0).setStop(RunEnd.newBuilder().setText("Reached.")).build());
        assertEquals(Optional.of("Silent."), inbox.dismissal());
        assertEquals("Reached.", inbox.stop().orElseThrow().getText());
    }

    @Test
    void ofTwoDismissalsTheFirstSaysWhy() {
        inbox.open(0);
        Dismissal.Builder dismissal = Dismissal.newBuilder().setReason("It took its place.");
        inbox.take(to("pi-1", 0).setDismissal(dismissal).build());
        inbox.take(to("pi-1", 0).setDismissal(dismissal.setReason("It has its place.")).build());
        assertEquals(Optional.of("It took its place."), inbox.dismissal());
    }

    @Test
    void whoeverWaitsIsWokenByTheDirective() throws Exception {
        inbox.open(0);
        Thread listener = new Thread(() -> inbox.take(to("", 0).setModel(version(1)).build()));
        listener.start();
        assertTrue(inbox.await(() -> inbox.newest().isPresent(), 60_000));
        listener.join();
        assertFalse(inbox.await(() -> false, 1));
    }
}
