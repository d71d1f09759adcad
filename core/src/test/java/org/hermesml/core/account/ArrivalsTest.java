package org.hermesml.core.account;

import static org.hermesml.core.account.AccountedWorker.report;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.hermesml.core.message.Activity;
import org.hermesml.core.message.Goodbye;
import org.hermesml.core.message.Hello;
import org.hermesml.core.message.Progress;
import org.hermesml.core.message.PushState;
import org.hermesml.core.message.Restored;
import org.hermesml.core.state.AccountedReport;
import org.hermesml.core.state.Membership;
import org.hermesml.core.state.MembershipChange;
import org.junit.jupiter.api.Test;

/** Workers that come back, and processes that want the same place. */
class ArrivalsTest {
    private static final Map<String, String> SETTINGS =
            Map.of("silence_floor", "20s", "rival_memory", "10m", "lambda", "2", "alpha", "-1.3");

    private AccountedWorker worker = new AccountedWorker(SETTINGS);

    // ---- coming back

    @Test
    void whoSavedWhatStandsHereGetsItsWindowAndPushesFromIt() {
        worker.begins(17);
        for (double loss : new double[] {1.0, 0.99, 1.01, 1.0}) {
            worker.iterates(loss, 3);
        }
        PushState saved = worker.window;
        assertTrue(saved.getThreshold() > -1.3, "it has decayed");
        worker.begins(40, restored(17, 4, false));

        assertEquals(saved, membership().getPush());
        worker.iterates(0.2, 3);
        assertTrue(taken().getIteration().getPush());
        assertEquals("", taken().getFault(), "both sides have the same window");
    }

    @Test
    void whoSavedItAfterAPushPullsFirstAndItsWindowGoesOnAsAfterAnyPull() {
        worker.begins(17);
        for (double loss : new double[] {1.0, 0.99, 1.01, 1.0, 0.2}) {
            worker.iterates(loss, 3);
        }
        assertTrue(taken().getIteration().getPush());
        worker.begins(40, restored(17, 5, true));
        assertEquals(5, membership().getPush().getLossesCount());
        worker.window = worker.gate.pulled(worker.window, 0);
        worker.iterates(0.01, 9);
        assertTrue(taken().getIteration().getPush());
        assertEquals("", taken().getFault());
    }

    @Test
    void whoSavedAnythingElseGetsItsThresholdAndNoWindow() {
        worker.begins(17);
        for (double loss : new double[] {1.0, 0.99, 1.01, 1.0}) {
            worker.iterates(loss, 3);
        }
        double threshold = worker.window.getThreshold();
        int rounds = worker.window.getRoundsSincePush();
        worker.begins(40, restored(17, 3, false));
        assertEquals(0, membership().getPush().getLossesCount());
        assertEquals(threshold, membership().getPush().getThreshold());
        assertEquals(rounds, membership().getPush().getRoundsSincePush());

        PushState before = worker.window;
        worker.window = membership().getPush();
        worker.iterates(1.0, 4);
        assertEquals("", taken().getFault());
        worker.begins(50, Hello.newBuilder());
        worker.window = before;
        worker.iterates(0.1, 4);
        assertEquals(
                "its gate's window is not the one that its reports make",
                taken().getFault(),
                "nobody brings a window that is not known here");
    }

    @Test
    void whoDiesBeforeItsFirstIterationMayGoOnFromTheSameOnceMore() {
        worker.begins(17);
        worker.iterates(1.0, 3);
        worker.iterates(0.9, 3);
        PushState saved = worker.window;
        worker.begins(40, restored(17, 2, false));
        worker.begins(50, restored(17, 2, false));
        assertEquals(saved, membership().getPush());
        worker.window = saved;
        worker.iterates(0.9, 3);
        worker.begins(60, restored(17, 2, false));
        assertEquals(0, membership().getPush().getLossesCount(), "life 50 went on from there");
    }

    @Test
    void aWorkerThatIsNewHereIsToldOfNoState() {
        worker.begins(17);
        assertFalse(membership().hasPush());
        assertEquals(MembershipChange.JOINED, membership().getChange());
    }

    // ---- two processes with one id

    @Test
    void theLaterProcessHasThePlaceAndTheEarlierIsToldWhoAndSinceWhen() {
        worker.begins(17);
        worker.nowMs = 61_000;
        worker.hello(40, Hello.newBuilder().setPlace("process 7 on pi-3"));
        Membership dismissed = worker.last.events().get(1).getMembership();
        assertEquals(17, dismissed.getIncarnation());
        assertEquals(
                "another process with the id a (process 7 on pi-3) began at 1970-01-01T00:01:01Z and"
                        + " has taken its place",
                dismissed.getReason());
    }

    @Test
    void twoProcessesChangePlacesOnceAndNoMore() {
        worker.hello(17, Hello.newBuilder());
        worker.hello(40, Hello.newBuilder());
        goodbye(17);
        assertEquals(List.of(MembershipChange.DISMISSED), worker.changes(), "it was alive");
        for (long start = 50; start < 100; start += 10) {
            worker.nowMs += 5_000;
            worker.hello(start, Hello.newBuilder());
            assertEquals(List.of(MembershipChange.DISMISSED), worker.changes());
            assertEquals(start, membership().getIncarnation());
            assertTrue(membership().getRival());
            assertTrue(worker.last.refusal().startsWith("another process with the id a began at"));
            goodbye(start);
            assertEquals(40, worker.account.getIncarnation());
            progress(40);
            assertEquals(List.of(), worker.changes());
        }
    }

    @Test
    void thePlaceIsFreeOnceItsProcessIsSilentOrGone() {
        for (boolean gone : new boolean[] {true, false}) {
            worker = new AccountedWorker(SETTINGS);
            worker.hello(17, Hello.newBuilder());
            worker.hello(40, Hello.newBuilder());
            goodbye(17);
            if (gone) {
                goodbye(40);
            } else {
                worker.nowMs += 60_000;
            }
            worker.hello(50, Hello.newBuilder());
            assertEquals(50, worker.account.getIncarnation());
        }
    }

    @Test
    void rivalsAreForgottenInTime() {
        worker.hello(17, Hello.newBuilder());
        worker.hello(40, Hello.newBuilder());
        goodbye(17);
        for (int minute = 0; minute < 10; minute++) {
            worker.nowMs += 59_999;
            progress(40);
        }
        worker.nowMs += 10;
        worker.hello(50, Hello.newBuilder());
        assertEquals(
                50, worker.account.getIncarnation(), "a crash long after must not keep it out");
    }

    @Test
    void aCrashIsNoRival() {
        for (long start = 17; start < 30; start++) {
            worker.hello(start, Hello.newBuilder());
            assertEquals(start, worker.account.getIncarnation());
        }
    }

    // ---- the worker

    private static Hello.Builder restored(long incarnation, long clock, boolean pulls) {
        return Hello.newBuilder()
                .setRestored(
                        Restored.newBuilder()
                                .setIncarnation(incarnation)
                                .setClock(clock)
                                .setPulls(pulls));
    }

    private void goodbye(long incarnation) {
        worker.says(report(incarnation).setGoodbye(Goodbye.getDefaultInstance()));
    }

    private void progress(long incarnation) {
        worker.says(
                report(incarnation)
                        .setProgress(Progress.newBuilder().setActivity(Activity.PULLING)));
    }

    private Membership membership() {
        return worker.last.events().get(0).getMembership();
    }

    private AccountedReport taken() {
        return worker.last.events().get(worker.last.events().size() - 1).getReport();
    }
}
