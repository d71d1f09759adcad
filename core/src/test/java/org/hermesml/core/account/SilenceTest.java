package org.hermesml.core.account;

import static org.hermesml.core.account.AccountedWorker.changes;
import static org.hermesml.core.account.AccountedWorker.report;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.hermesml.core.message.Activity;
import org.hermesml.core.message.Goodbye;
import org.hermesml.core.message.Progress;
import org.hermesml.core.state.MembershipChange;
import org.junit.jupiter.api.Test;

/** When a worker counts as silent, and as back. */
class SilenceTest {
    private static final long LIFE = 17;
    private static final Progress PULLING =
            Progress.newBuilder().setActivity(Activity.PULLING).build();

    private final AccountedWorker worker =
            new AccountedWorker(Map.of("silence_floor", "20s", "silence_factor", "10"));

    @Test
    void silenceIsAMultipleOfTheWorkersOwnIterationAndNeverBelowTheFloor() {
        worker.begins(LIFE);
        assertEquals(
                worker.nowMs + 20_000,
                worker.iterates(1.0).wakeMs(),
                "iterations of 1 s: the floor");
        assertEquals(
                worker.nowMs + 90_000,
                worker.says(report(LIFE).setIteration(worker.iteration(1.0).setSeconds(9)))
                        .wakeMs());

        worker.nowMs += 89_999;
        assertEquals(List.of(), worker.isLookedAt(0).events());
        worker.nowMs += 1;
        Accounting.Outcome silent = worker.isLookedAt(0);
        assertEquals(List.of(MembershipChange.SILENT), changes(silent));
        assertEquals(90_000, silent.events().get(0).getMembership().getSilentMs());
        assertEquals(
                worker.nowMs + 90_000, silent.wakeMs(), "it is said again as long as it lasts");
        assertTrue(worker.account.getSilent());
    }

    @Test
    void timeInWhichNobodyListenedIsNobodysSilence() {
        worker.begins(LIFE);
        worker.iterates(1.0);
        worker.nowMs += 500_000;
        Accounting.Outcome outcome = worker.isLookedAt(worker.nowMs - 1_000);
        assertEquals(List.of(), outcome.events());
        assertEquals(worker.nowMs + 19_000, outcome.wakeMs());
    }

    @Test
    void aSilentWorkerReturnsWithItsNextReportOrReSend() {
        worker.begins(LIFE);
        worker.iterates(1.0);
        worker.nowMs += 20_000;
        worker.isLookedAt(0);
        assertEquals(MembershipChange.RETURNED, changes(worker.iterates(0.9)).get(0));

        worker.nowMs += 20_000;
        worker.isLookedAt(0);
        worker.clock--;
        assertEquals(
                MembershipChange.RETURNED,
                changes(worker.says(report(LIFE).setIteration(worker.iteration(0.9)))).get(0));
        assertFalse(worker.account.getSilent());
    }

    @Test
    void whoSaysGoodbyeIsNotWatchedAnyMore() {
        worker.begins(LIFE);
        Accounting.Outcome left =
                worker.says(report(LIFE).setGoodbye(Goodbye.newBuilder().setReason("x")));
        assertEquals(List.of(MembershipChange.LEFT), changes(left));
        assertEquals(Long.MAX_VALUE, left.wakeMs());
        worker.nowMs += 1_000_000;
        assertEquals(List.of(), worker.isLookedAt(0).events());
    }

    @Test
    void aTransferThatGetsOnIsNotSilenceHoweverLongItTakes() {
        worker.begins(LIFE);
        worker.iterates(1.0, 3);
        for (int i = 0; i < 20; i++) {
            worker.nowMs += 15_000;
            worker.says(report(LIFE).setProgress(PULLING));
            assertEquals("a", worker.last.events().get(0).getAlive());
            assertEquals(worker.nowMs + 20_000, worker.last.wakeMs());
        }
        worker.nowMs += 20_000;
        worker.isLookedAt(0);
        assertEquals(List.of(MembershipChange.SILENT), worker.changes());
        worker.says(report(LIFE).setProgress(PULLING));
        assertEquals(List.of(MembershipChange.RETURNED), worker.changes());
    }
}
