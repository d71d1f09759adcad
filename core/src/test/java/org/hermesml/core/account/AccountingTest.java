package org.hermesml.core.account;

import static org.hermesml.core.account.AccountedWorker.changes;
import static org.hermesml.core.account.AccountedWorker.report;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.hermesml.core.message.Hello;
import org.hermesml.core.message.IterationReport;
import org.hermesml.core.message.WorkerSelection;
import org.hermesml.core.state.MembershipChange;
import org.hermesml.core.state.WorkerAccount;
import org.junit.jupiter.api.Test;

/** Who is taken for the worker, and which of its reports. */
class AccountingTest {
    private static final long LIFE = 17;

    private final AccountedWorker worker = new AccountedWorker(Map.of("silence_floor", "20s"));

    @Test
    void aHelloMakesTheLifeOfTheWorkerAndJoinsIt() {
        Accounting.Outcome outcome = worker.begins(LIFE);

        assertEquals(LIFE, worker.account.getIncarnation());
        assertEquals(List.of(MembershipChange.JOINED), changes(outcome));
        assertEquals(
                worker.nowMs + 60_000,
                outcome.wakeMs(),
                "a start is given three times the usual floor");
    }

    @Test
    void theSameHelloReadAgainChangesNothing() {
        worker.begins(LIFE);
        WorkerAccount before = worker.account;
        assertEquals(List.of(), worker.begins(LIFE).events());
        assertEquals(before, worker.account);
    }

    @Test
    void aWorkerThatComesBackDismissesItsOlderLife() {
        worker.begins(LIFE);
        worker.iterates(0.9);
        Accounting.Outcome outcome = worker.hello(40, Hello.newBuilder());

        assertEquals(
                List.of(MembershipChange.RETURNED, MembershipChange.DISMISSED), changes(outcome));
        assertEquals(LIFE, outcome.events().get(1).getMembership().getIncarnation());
        assertEquals(0, worker.account.getClock());
        assertEquals(
                0, worker.account.getPush().getLossesCount(), "it starts with an empty window");
        assertFalse(outcome.events().get(1).getMembership().getRival(), "it may well be dead");
    }

    @Test
    void aReportOfADismissedLifeIsRefusedAndItsProcessToldSo() {
        worker.begins(LIFE);
        worker.hello(40, Hello.newBuilder());
        Accounting.Outcome outcome = worker.says(report(LIFE).setIteration(worker.iteration(0.5)));

        assertEquals(
                "another process with the id a began at 1970-01-01T00:00:01Z and has its place;"
                        + " every device needs an id of its own",
                outcome.refusal());
        assertTrue(outcome.events().get(0).getMembership().getRival(), "both are alive");
        assertEquals(List.of(MembershipChange.DISMISSED), changes(outcome));
        assertEquals(LIFE, outcome.events().get(0).getMembership().getIncarnation());
    }

    @Test
    void nobodyReportsBeforeSayingHello() {
        String reason = "worker a reports without having said hello";
        assertEquals(
                reason, worker.says(report(LIFE).setIteration(worker.iteration(0.5))).refusal());
        worker.begins(LIFE);
        assertEquals(
                reason,
                worker.says(report(LIFE + 1).setIteration(worker.iteration(0.5))).refusal());
        assertEquals("the report has no content", worker.says(report(LIFE)).refusal());
    }

    @Test
    void aReportFarAheadOfTheWorkersClockIsRefusedAndDoesNotMakeItsNextOnesOld() {
        worker.begins(LIFE);
        worker.iterates(0.5);
        IterationReport forged = worker.iteration(0.5).setClock(1L << 40).build();
        assertEquals(
                "worker a reports iteration " + (1L << 40) + " after 1",
                worker.says(report(LIFE).setIteration(forged)).refusal());
        worker.iterates(0.5);
        assertEquals(3, worker.account.getClock());
    }

    @Test
    void onlyThoseTakePartWhomTheRunWants() {
        WorkerSelection wanted = WorkerSelection.newBuilder().addNames("b").setLabel("arm").build();
        assertFalse(Selections.admits(wanted, "a", "arm"));
        assertFalse(Selections.admits(wanted, "b", "x86"));
        assertTrue(Selections.admits(wanted, "b", "arm"));

        AccountedWorker unwanted = new AccountedWorker(Map.of(), wanted);
        assertEquals(
                "worker a is not among those that may take part", unwanted.begins(LIFE).refusal());
        assertFalse(unwanted.account.hasHello());
    }
}
