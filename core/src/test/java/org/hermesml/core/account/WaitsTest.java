package org.hermesml.core.account;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.hermesml.core.log.UpdateIds;
import org.hermesml.core.message.Hello;
import org.hermesml.core.message.IterationReport;
import org.hermesml.core.message.PushState;
import org.hermesml.core.message.Ready;
import org.hermesml.core.message.RecordAddress;
import org.hermesml.core.message.Report;
import org.hermesml.core.message.RunSpec;
import org.hermesml.core.state.AccountEvent;
import org.hermesml.core.state.ReceivedReport;
import org.hermesml.core.state.ReleasedWorker;
import org.hermesml.core.state.RunEvent;
import org.hermesml.core.state.SettledPush;
import org.hermesml.core.state.WorkerAccount;
import org.junit.jupiter.api.Test;

/** Workers that are told how to go on only when they are released. */
class WaitsTest {
    private static final long LIFE = 17;

    private WorkerAccount account = WorkerAccount.getDefaultInstance();
    private Accounting accounting = accounting("ssp");
    private long nowMs = 1_000;

    @Test
    void anOutcomeThatWaitsIsToldWithTheReleaseAndRepeatedAfterIt() {
        hello();
        pushes(1);
        assertEquals(List.of(), settle(1, true));
        assertTrue(resend(1).stream().noneMatch(RunEvent::hasSettled), "not told before");

        List<RunEvent> told = release(LIFE, 1);
        assertEquals(1, told.size());
        assertEquals(1, told.get(0).getSettled().getId().getSequence());
        assertFalse(told.get(0).getSettled().getWaits());
        assertEquals(1, resend(1).stream().filter(RunEvent::hasSettled).count());
    }

    @Test
    void aReleaseThatIsHeardTwiceTellsOnce() {
        hello();
        pushes(1);
        settle(1, true);
        release(LIFE, 1);
        assertEquals(List.of(), release(LIFE, 1));
    }

    @Test
    void aReleaseOfAnEarlierLifeReleasesNobody() {
        hello();
        pushes(1);
        settle(1, true);
        assertEquals(List.of(), release(LIFE - 1, 1));
        assertTrue(account.getLastSettled().getWaits());
    }

    @Test
    void oneThatAsksIsAnsweredAndAnsweredAgain() {
        accounting = accounting("selsync");
        hello();
        assertTrue(asks(1).get(0).getReady().getWants());
        assertTrue(release(LIFE, 1).get(0).hasReleased());
        List<RunEvent> again = asks(1);
        assertEquals("a", again.get(0).getAlive());
        assertEquals(1, again.get(1).getReleased().getClock());
    }

    @Test
    void askingCountsAsALifeSign() {
        accounting = accounting("selsync");
        hello();
        nowMs += 59_000;
        asks(1);
        nowMs += 59_000;
        assertEquals(List.of(), clock());
        nowMs += 1_000;
        assertTrue(clock().get(0).hasMembership());
        assertTrue(asks(1).get(0).hasMembership(), "it returns");
    }

    @Test
    void nobodyAsksAboutAnIterationThatIsNotItsNext() {
        accounting = accounting("selsync");
        hello();
        assertEquals("worker a asks about iteration 3 after reporting 0", ready(3).refusal());
        assertEquals(0, account.getLastReleased().getClock());
    }

    @Test
    void whereNobodyHasToAskAQuestionIsNoLifeSign() {
        hello();
        nowMs += 59_000;
        assertEquals("worker a asks, which this method never does", ready(1).refusal());
        nowMs += 1_000;
        assertTrue(clock().get(0).hasMembership());
    }

    @Test
    void thePushRuleIsMirroredWithTheIterationsThatTheServerTold() {
        accounting = accounting("ebsp");
        hello();
        pushes(1);
        SettledPush settled =
                SettledPush.newBuilder()
                        .setId(UpdateIds.of("a", LIFE, 1))
                        .setAdmitted(true)
                        .setIterations(2)
                        .build();
        take(AccountEvent.newBuilder().setSettled(settled).build());
        assertEquals("", fault(iteration(2, 1, 2, false)));
        assertEquals("", fault(iteration(3, 1, 1, true)));
        // Told nothing, it may push at once, but not claim that it was told.
        assertEquals(
                "its gate's window is not the one that its reports make",
                fault(iteration(4, 2, 1, true)));
    }

    // ---- the worker

    private static Accounting accounting(String method) {
        return new Accounting(
                RunSpec.newBuilder()
                        .setRun("run-1")
                        .putAllSettings(Map.of("method", method))
                        .build());
    }

    private void hello() {
        ReceivedReport hello =
                ReceivedReport.newBuilder()
                        .setReport(
                                Report.newBuilder()
                                        .setWorker("a")
                                        .setHello(Hello.getDefaultInstance()))
                        .setAddress(RecordAddress.newBuilder().setOffset(LIFE))
                        .build();
        take(AccountEvent.newBuilder().setReport(hello).build());
    }

    private void pushes(long clock) {
        report(Report.newBuilder().setIteration(iteration(clock, 0, 0, true)));
    }

    private List<RunEvent> resend(long clock) {
        return report(Report.newBuilder().setIteration(iteration(clock, 0, 0, true))).events();
    }

    private static IterationReport iteration(long clock, long base, int due, boolean push) {
        return IterationReport.newBuilder()
                .setClock(clock)
                .setBaseVersion(base)
                .setSeconds(1)
                .setBefore(PushState.newBuilder().setDue(due))
                .setPush(push)
                .build();
    }

    private String fault(IterationReport iteration) {
        return report(Report.newBuilder().setIteration(iteration))
                .events()
                .get(0)
                .getReport()
                .getFault();
    }

    private List<RunEvent> settle(long sequence, boolean waits) {
        SettledPush settled =
                SettledPush.newBuilder()
                        .setId(UpdateIds.of("a", LIFE, sequence))
                        .setAdmitted(true)
                        .setWaits(waits)
                        .build();
        return take(AccountEvent.newBuilder().setSettled(settled).build()).events();
    }

    private List<RunEvent> release(long incarnation, long clock) {
        ReleasedWorker released =
                ReleasedWorker.newBuilder()
                        .setWorker("a")
                        .setIncarnation(incarnation)
                        .setClock(clock)
                        .build();
        return take(AccountEvent.newBuilder().setReleased(released).build()).events();
    }

    private List<RunEvent> asks(long clock) {
        return ready(clock).events();
    }

    private Accounting.Outcome ready(long clock) {
        return report(
                Report.newBuilder().setReady(Ready.newBuilder().setClock(clock).setWants(true)));
    }

    private Accounting.Outcome report(Report.Builder report) {
        ReceivedReport received =
                ReceivedReport.newBuilder()
                        .setReport(report.setWorker("a").setIncarnation(LIFE))
                        .build();
        return take(AccountEvent.newBuilder().setReport(received).build());
    }

    private List<RunEvent> clock() {
        Accounting.Outcome outcome = accounting.onClock(account, "a", nowMs, 0);
        account = outcome.account();
        return outcome.events();
    }

    private Accounting.Outcome take(AccountEvent event) {
        Accounting.Outcome outcome = accounting.apply(account, event, nowMs);
        account = outcome.account();
        return outcome;
    }
}
