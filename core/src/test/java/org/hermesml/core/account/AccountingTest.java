package org.hermesml.core.account;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.hermesml.core.log.UpdateIds;
import org.hermesml.core.message.Goodbye;
import org.hermesml.core.message.Hello;
import org.hermesml.core.message.IterationReport;
import org.hermesml.core.message.PushState;
import org.hermesml.core.message.RecordAddress;
import org.hermesml.core.message.Report;
import org.hermesml.core.message.RunSpec;
import org.hermesml.core.message.WorkerSelection;
import org.hermesml.core.method.Methods;
import org.hermesml.core.method.PushRule;
import org.hermesml.core.settings.Settings;
import org.hermesml.core.state.MembershipChange;
import org.hermesml.core.state.ReceivedReport;
import org.hermesml.core.state.RunEvent;
import org.hermesml.core.state.SettledPush;
import org.hermesml.core.state.WorkerAccount;
import org.junit.jupiter.api.Test;

class AccountingTest {
    private static final long LIFE = 17;

    private final Map<String, String> settings =
            new HashMap<>(
                    Map.of(
                            "silence_floor",
                            "20s",
                            "silence_factor",
                            "10",
                            "alpha",
                            "-1.3",
                            "window_reset",
                            "true"));
    private final PushRule gate = Methods.of(Settings.of(settings)).pushRule();
    private Accounting accounting = new Accounting(spec(WorkerSelection.getDefaultInstance()));
    private WorkerAccount account = WorkerAccount.getDefaultInstance();
    private PushState window = gate.start();
    private long clock;
    private long nowMs = 1_000;

    @Test
    void aHelloMakesTheLifeOfTheWorkerAndJoinsIt() {
        Accounting.Outcome outcome = hello(LIFE);

        assertEquals(LIFE, account.getIncarnation());
        assertEquals(List.of(MembershipChange.JOINED), changes(outcome));
        assertEquals(
                nowMs + 60_000, outcome.wakeMs(), "a start is given three times the usual floor");
    }

    @Test
    void theSameHelloReadAgainChangesNothing() {
        hello(LIFE);
        WorkerAccount before = account;
        assertEquals(List.of(), hello(LIFE).events());
        assertEquals(before, account);
    }

    @Test
    void aWorkerThatComesBackDismissesItsOlderLife() {
        hello(LIFE);
        iterate(0.9);
        Accounting.Outcome outcome = hello(40);

        assertEquals(
                List.of(MembershipChange.RETURNED, MembershipChange.DISMISSED), changes(outcome));
        assertEquals(LIFE, outcome.events().get(1).getMembership().getIncarnation());
        assertEquals(0, account.getClock());
        assertEquals(0, account.getPush().getLossesCount(), "it starts with an empty window");
        assertFalse(outcome.events().get(1).getMembership().getRival(), "it may well be dead");
    }

    @Test
    void aReportOfADismissedLifeIsRefusedAndItsProcessToldSo() {
        hello(LIFE);
        hello(40);
        Accounting.Outcome outcome = take(report(LIFE).setIteration(iteration(0.5)));

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
        assertEquals(reason, take(report(LIFE).setIteration(iteration(0.5))).refusal());
        hello(LIFE);
        assertEquals(reason, take(report(LIFE + 1).setIteration(iteration(0.5))).refusal());
        assertEquals("the report has no content", take(report(LIFE)).refusal());
    }

    @Test
    void aReportFarAheadOfTheWorkersClockIsRefusedAndDoesNotMakeItsNextOnesOld() {
        hello(LIFE);
        iterate(0.5);
        IterationReport forged = iteration(0.5).setClock(1L << 40).build();
        assertEquals(
                "worker a reports iteration " + (1L << 40) + " after 1",
                take(report(LIFE).setIteration(forged)).refusal());
        iterate(0.5);
        assertEquals(3, account.getClock());
    }

    @Test
    void onlyThoseTakePartWhomTheRunWants() {
        WorkerSelection wanted = WorkerSelection.newBuilder().addNames("b").setLabel("arm").build();
        assertFalse(Selections.admits(wanted, "a", "arm"));
        assertFalse(Selections.admits(wanted, "b", "x86"));
        assertTrue(Selections.admits(wanted, "b", "arm"));

        accounting = new Accounting(spec(wanted));
        assertEquals("worker a is not among those that may take part", hello(LIFE).refusal());
        assertFalse(account.hasHello());
    }

    @Test
    void anHonestPushPasses() {
        hello(LIFE);
        RunEvent pushed = null;
        for (double loss : new double[] {1.0, 0.99, 1.01, 1.0, 0.2}) {
            pushed = iterate(loss).events().get(0);
        }
        assertTrue(pushed.getReport().getIteration().getPush());
        assertEquals("", pushed.getReport().getFault());
    }

    @Test
    void aPushThatTheReportedLossesDoNotSupportHasAFault() {
        hello(LIFE);
        iterate(1.0);
        Accounting.Outcome outcome = take(report(LIFE).setIteration(iteration(1.5).setPush(true)));
        assertEquals("the gate is not satisfied by the reported losses", fault(outcome));
    }

    @Test
    void aPushFromAWindowThatWasNeverReportedHasAFault() {
        hello(LIFE);
        iterate(1.0);
        PushState invented = window.toBuilder().clearLosses().addLosses(5).addLosses(5.1).build();
        for (int i = 0; i < 3; i++) {
            invented = gate.observe(invented, PushRule.Observation.ofLoss(5 + 0.01 * i)).next();
        }
        Accounting.Outcome outcome =
                take(report(LIFE).setIteration(iteration(0.1).setBefore(invented).setPush(true)));
        assertEquals("its gate's window is not the one that its reports make", fault(outcome));
    }

    @Test
    void afterALostReportTheWindowIsTakenAsTheWorkerSaysIt() {
        hello(LIFE);
        for (double loss : new double[] {1.0, 0.99, 1.01}) {
            iterate(loss);
        }
        lose(1.0);
        assertEquals("", fault(iterate(0.2)));
    }

    @Test
    void aPullEmptiesTheWindowOnBothSides() {
        hello(LIFE);
        iterate(1.0);
        iterate(0.9);
        window = gate.pulled(window, 0);
        Accounting.Outcome outcome =
                take(report(LIFE).setIteration(iteration(0.8).setBaseVersion(3)));
        assertEquals(3, account.getBaseVersion());
        assertEquals(1, account.getPush().getLossesCount());
        assertEquals("", fault(outcome));
    }

    @Test
    void aReSentPushGetsItsVerdictAgainOnceThereIsOne() {
        hello(LIFE);
        IterationReport.Builder pushed = null;
        for (double loss : new double[] {1.0, 0.99, 1.01, 1.0, 0.2}) {
            pushed = iteration(loss);
            take(report(LIFE).setIteration(pushed));
        }
        long at = pushed.getClock();
        Accounting.Outcome early = take(report(LIFE).setIteration(pushed));
        assertEquals(
                "a", early.events().get(0).getAlive(), "it lives, that is all there is to say");
        assertEquals(1, early.events().size());

        SettledPush settled =
                SettledPush.newBuilder()
                        .setId(UpdateIds.of("a", LIFE, at))
                        .setAdmitted(true)
                        .setVersion(4)
                        .build();
        assertEquals(settled, settle(settled).events().get(0).getSettled());
        Accounting.Outcome again = take(report(LIFE).setIteration(pushed));
        assertEquals(settled, again.events().get(1).getSettled());
        assertEquals(at, account.getClock());
    }

    @Test
    void theVerdictOfAnOlderLifeIsPassedOnButNotKept() {
        hello(40);
        SettledPush settled = SettledPush.newBuilder().setId(UpdateIds.of("a", LIFE, 3)).build();
        assertEquals(1, settle(settled).events().size());
        assertFalse(account.hasLastSettled());
    }

    @Test
    void silenceIsAMultipleOfTheWorkersOwnIterationAndNeverBelowTheFloor() {
        hello(LIFE);
        assertEquals(nowMs + 20_000, iterate(1.0).wakeMs(), "iterations of 1 s: the floor");
        assertEquals(
                nowMs + 90_000,
                take(report(LIFE).setIteration(iteration(1.0).setSeconds(9))).wakeMs());

        nowMs += 89_999;
        assertEquals(List.of(), clock(0).events());
        nowMs += 1;
        Accounting.Outcome silent = clock(0);
        assertEquals(List.of(MembershipChange.SILENT), changes(silent));
        assertEquals(90_000, silent.events().get(0).getMembership().getSilentMs());
        assertEquals(nowMs + 90_000, silent.wakeMs(), "it is said again as long as it lasts");
        assertTrue(account.getSilent());
    }

    @Test
    void timeInWhichNobodyListenedIsNobodysSilence() {
        hello(LIFE);
        iterate(1.0);
        nowMs += 500_000;
        Accounting.Outcome outcome = clock(nowMs - 1_000);
        assertEquals(List.of(), outcome.events());
        assertEquals(nowMs + 19_000, outcome.wakeMs());
    }

    @Test
    void aSilentWorkerReturnsWithItsNextReportOrReSend() {
        hello(LIFE);
        iterate(1.0);
        nowMs += 20_000;
        clock(0);
        assertEquals(MembershipChange.RETURNED, changes(iterate(0.9)).get(0));

        nowMs += 20_000;
        clock(0);
        clock--;
        assertEquals(
                MembershipChange.RETURNED,
                changes(take(report(LIFE).setIteration(iteration(0.9)))).get(0));
        assertFalse(account.getSilent());
    }

    @Test
    void whoSaysGoodbyeIsNotWatchedAnyMore() {
        hello(LIFE);
        Accounting.Outcome left =
                take(report(LIFE).setGoodbye(Goodbye.newBuilder().setReason("x")));
        assertEquals(List.of(MembershipChange.LEFT), changes(left));
        assertEquals(Long.MAX_VALUE, left.wakeMs());
        nowMs += 1_000_000;
        assertEquals(List.of(), clock(0).events());
    }

    // ---- the worker

    private Accounting.Outcome hello(long offset) {
        return took(
                accounting.onReport(
                        account,
                        ReceivedReport.newBuilder()
                                .setReport(report(0).setHello(Hello.getDefaultInstance()))
                                .setAddress(RecordAddress.newBuilder().setOffset(offset))
                                .build(),
                        nowMs));
    }

    private Accounting.Outcome iterate(double loss) {
        return take(report(LIFE).setIteration(iteration(loss)));
    }

    private void lose(double loss) {
        iteration(loss);
    }

    private IterationReport.Builder iteration(double loss) {
        PushRule.PushStep step = gate.observe(window, PushRule.Observation.ofLoss(loss));
        IterationReport.Builder report =
                IterationReport.newBuilder()
                        .setClock(++clock)
                        .setBaseVersion(0)
                        .setHeldOutLoss(loss)
                        .setSeconds(1)
                        .setBefore(window)
                        .setPush(step.push());
        window = step.next();
        return report;
    }

    private static Report.Builder report(long incarnation) {
        return Report.newBuilder().setWorker("a").setIncarnation(incarnation);
    }

    private Accounting.Outcome take(Report.Builder report) {
        return took(
                accounting.onReport(
                        account, ReceivedReport.newBuilder().setReport(report).build(), nowMs));
    }

    private Accounting.Outcome settle(SettledPush settled) {
        return took(accounting.onSettled(account, settled));
    }

    private Accounting.Outcome clock(long watchingSinceMs) {
        return took(accounting.onClock(account, "a", nowMs, watchingSinceMs));
    }

    private Accounting.Outcome took(Accounting.Outcome outcome) {
        account = outcome.account();
        return outcome;
    }

    private static List<MembershipChange> changes(Accounting.Outcome outcome) {
        return outcome.events().stream()
                .filter(RunEvent::hasMembership)
                .map(event -> event.getMembership().getChange())
                .toList();
    }

    private static String fault(Accounting.Outcome outcome) {
        return outcome.events().get(outcome.events().size() - 1).getReport().getFault();
    }

    private RunSpec spec(WorkerSelection selection) {
        return RunSpec.newBuilder()
                .setRun("run-1")
                .putAllSettings(Settings.of(settings).toMap())
                .setWorkers(selection)
                .build();
    }
}
