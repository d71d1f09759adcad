package org.hermesml.core.account;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.hermesml.core.message.Activity;
import org.hermesml.core.message.Goodbye;
import org.hermesml.core.message.Hello;
import org.hermesml.core.message.IterationReport;
import org.hermesml.core.message.Progress;
import org.hermesml.core.message.PushState;
import org.hermesml.core.message.RecordAddress;
import org.hermesml.core.message.Report;
import org.hermesml.core.message.Restored;
import org.hermesml.core.message.RunSpec;
import org.hermesml.core.method.Methods;
import org.hermesml.core.method.PushRule;
import org.hermesml.core.settings.Settings;
import org.hermesml.core.state.Membership;
import org.hermesml.core.state.MembershipChange;
import org.hermesml.core.state.ReceivedReport;
import org.hermesml.core.state.RunEvent;
import org.hermesml.core.state.WorkerAccount;
import org.junit.jupiter.api.Test;

/** Workers that come back, and processes that want the same place. */
class ArrivalsTest {
    private static final Settings SETTINGS =
            Settings.of(
                    Map.of(
                            "silence_floor",
                            "20s",
                            "rival_memory",
                            "10m",
                            "lambda",
                            "2",
                            "alpha",
                            "-1.3"));

    private final PushRule gate = Methods.of(SETTINGS).pushRule();
    private final Accounting accounting =
            new Accounting(
                    RunSpec.newBuilder().setRun("run-1").putAllSettings(SETTINGS.toMap()).build());
    private WorkerAccount account = WorkerAccount.getDefaultInstance();
    private Accounting.Outcome last;
    private PushState window = gate.start();
    private long life;
    private long clock;
    private long nowMs = 1_000;

    // ---- coming back

    @Test
    void whoSavedWhatStandsHereGetsItsWindowAndPushesFromIt() {
        begins(17);
        for (double loss : new double[] {1.0, 0.99, 1.01, 1.0}) {
            iterates(loss, 3);
        }
        PushState saved = window;
        assertTrue(saved.getThreshold() > -1.3, "it has decayed");
        comesBack(40, restored(17, 4, false));

        assertEquals(saved, membership().getPush());
        iterates(0.2, 3);
        assertTrue(report().getIteration().getPush());
        assertEquals("", report().getFault(), "both sides have the same window");
    }

    @Test
    void whoSavedItAfterAPushPullsFirstAndItsWindowGoesOnAsAfterAnyPull() {
        begins(17);
        for (double loss : new double[] {1.0, 0.99, 1.01, 1.0, 0.2}) {
            iterates(loss, 3);
        }
        assertTrue(report().getIteration().getPush());
        comesBack(40, restored(17, 5, true));
        assertEquals(5, membership().getPush().getLossesCount());
        window = gate.pulled(window, 0);
        iterates(0.01, 9);
        assertTrue(report().getIteration().getPush());
        assertEquals("", report().getFault());
    }

    @Test
    void whoSavedAnythingElseGetsItsThresholdAndNoWindow() {
        begins(17);
        for (double loss : new double[] {1.0, 0.99, 1.01, 1.0}) {
            iterates(loss, 3);
        }
        double threshold = window.getThreshold();
        int rounds = window.getRoundsSincePush();
        comesBack(40, restored(17, 3, false));
        assertEquals(0, membership().getPush().getLossesCount());
        assertEquals(threshold, membership().getPush().getThreshold());
        assertEquals(rounds, membership().getPush().getRoundsSincePush());

        PushState before = window;
        window = membership().getPush();
        iterates(1.0, 4);
        assertEquals("", report().getFault());
        comesBack(50, Hello.newBuilder());
        window = before;
        iterates(0.1, 4);
        assertEquals(
                "its gate's window is not the one that its reports make",
                report().getFault(),
                "nobody brings a window that is not known here");
    }

    @Test
    void whoDiesBeforeItsFirstIterationMayGoOnFromTheSameOnceMore() {
        begins(17);
        iterates(1.0, 3);
        iterates(0.9, 3);
        PushState saved = window;
        comesBack(40, restored(17, 2, false));
        comesBack(50, restored(17, 2, false));
        assertEquals(saved, membership().getPush());
        window = saved;
        iterates(0.9, 3);
        comesBack(60, restored(17, 2, false));
        assertEquals(0, membership().getPush().getLossesCount(), "life 50 went on from there");
    }

    @Test
    void aWorkerThatIsNewHereIsToldOfNoState() {
        begins(17);
        assertFalse(membership().hasPush());
        assertEquals(MembershipChange.JOINED, membership().getChange());
    }

    // ---- two processes with one id

    @Test
    void theLaterProcessHasThePlaceAndTheEarlierIsToldWhoAndSinceWhen() {
        begins(17);
        nowMs = 61_000;
        hello(40, Hello.newBuilder().setPlace("process 7 on pi-3"));
        Membership dismissed = last.events().get(1).getMembership();
        assertEquals(17, dismissed.getIncarnation());
        assertEquals(
                "another process with the id a (process 7 on pi-3) began at 1970-01-01T00:01:01Z and"
                        + " has taken its place",
                dismissed.getReason());
    }

    @Test
    void twoProcessesChangePlacesOnceAndNoMore() {
        hello(17, Hello.newBuilder());
        hello(40, Hello.newBuilder());
        goodbye(17);
        assertEquals(List.of(MembershipChange.DISMISSED), changes(), "it was alive");
        for (long start = 50; start < 100; start += 10) {
            nowMs += 5_000;
            hello(start, Hello.newBuilder());
            assertEquals(List.of(MembershipChange.DISMISSED), changes());
            assertEquals(start, membership().getIncarnation());
            assertTrue(membership().getRival());
            assertTrue(last.refusal().startsWith("another process with the id a began at"));
            goodbye(start);
            assertEquals(40, account.getIncarnation());
            progress(40);
            assertEquals(List.of(), changes());
        }
    }

    @Test
    void thePlaceIsFreeOnceItsProcessIsSilentOrGone() {
        for (boolean gone : new boolean[] {true, false}) {
            account = WorkerAccount.getDefaultInstance();
            hello(17, Hello.newBuilder());
            hello(40, Hello.newBuilder());
            goodbye(17);
            if (gone) {
                goodbye(40);
            } else {
                nowMs += 60_000;
            }
            hello(50, Hello.newBuilder());
            assertEquals(50, account.getIncarnation());
        }
    }

    @Test
    void rivalsAreForgottenInTime() {
        hello(17, Hello.newBuilder());
        hello(40, Hello.newBuilder());
        goodbye(17);
        for (int minute = 0; minute < 10; minute++) {
            nowMs += 59_999;
            progress(40);
        }
        nowMs += 10;
        hello(50, Hello.newBuilder());
        assertEquals(50, account.getIncarnation(), "a crash long after must not keep it out");
    }

    @Test
    void aCrashIsNoRival() {
        for (long start = 17; start < 30; start++) {
            hello(start, Hello.newBuilder());
            assertEquals(start, account.getIncarnation());
        }
    }

    // ---- signs of life

    @Test
    void aTransferThatGetsOnIsNotSilenceHoweverLongItTakes() {
        begins(17);
        iterates(1.0, 3);
        for (int i = 0; i < 20; i++) {
            nowMs += 15_000;
            progress(17);
            assertEquals("a", last.events().get(0).getAlive());
            assertEquals(nowMs + 20_000, last.wakeMs());
        }
        nowMs += 20_000;
        take(accounting.onClock(account, "a", nowMs, 0));
        assertEquals(List.of(MembershipChange.SILENT), changes());
        progress(17);
        assertEquals(List.of(MembershipChange.RETURNED), changes());
    }

    // ---- the worker

    private void begins(long incarnation) {
        life = incarnation;
        hello(incarnation, Hello.newBuilder());
    }

    private void comesBack(long incarnation, Hello.Builder hello) {
        life = incarnation;
        clock = 0;
        hello(incarnation, hello);
    }

    private static Hello.Builder restored(long incarnation, long clock, boolean pulls) {
        return Hello.newBuilder()
                .setRestored(
                        Restored.newBuilder()
                                .setIncarnation(incarnation)
                                .setClock(clock)
                                .setPulls(pulls));
    }

    private void iterates(double loss, long base) {
        PushRule.PushStep step = gate.observe(window, PushRule.Observation.ofLoss(loss));
        report(
                life,
                Report.newBuilder()
                        .setIteration(
                                IterationReport.newBuilder()
                                        .setClock(++clock)
                                        .setBaseVersion(base)
                                        .setHeldOutLoss(loss)
                                        .setSeconds(1)
                                        .setBefore(window)
                                        .setPush(step.push())));
        window = step.next();
    }

    private void goodbye(long incarnation) {
        report(incarnation, Report.newBuilder().setGoodbye(Goodbye.getDefaultInstance()));
    }

    private void progress(long incarnation) {
        report(
                incarnation,
                Report.newBuilder()
                        .setProgress(Progress.newBuilder().setActivity(Activity.PULLING)));
    }

    private void hello(long offset, Hello.Builder hello) {
        take(
                accounting.onReport(
                        account,
                        ReceivedReport.newBuilder()
                                .setReport(Report.newBuilder().setWorker("a").setHello(hello))
                                .setAddress(RecordAddress.newBuilder().setOffset(offset))
                                .build(),
                        nowMs));
    }

    private void report(long incarnation, Report.Builder report) {
        take(
                accounting.onReport(
                        account,
                        ReceivedReport.newBuilder()
                                .setReport(report.setWorker("a").setIncarnation(incarnation))
                                .build(),
                        nowMs));
    }

    private void take(Accounting.Outcome outcome) {
        last = outcome;
        account = outcome.account();
    }

    private List<MembershipChange> changes() {
        return last.events().stream()
                .filter(RunEvent::hasMembership)
                .map(event -> event.getMembership().getChange())
                .toList();
    }

    private Membership membership() {
        return last.events().get(0).getMembership();
    }

    private org.hermesml.core.state.AccountedReport report() {
        return last.events().get(last.events().size() - 1).getReport();
    }
}
