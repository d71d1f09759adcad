package org.hermesml.core.account;

import static org.hermesml.core.account.AccountedWorker.report;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.hermesml.core.log.UpdateIds;
import org.hermesml.core.message.Hello;
import org.hermesml.core.message.IterationReport;
import org.hermesml.core.message.PushState;
import org.hermesml.core.method.PushRule;
import org.hermesml.core.state.RunEvent;
import org.hermesml.core.state.SettledPush;
import org.junit.jupiter.api.Test;

/** What the account makes of pushes, and of what became of them. */
class PushesTest {
    private static final long LIFE = 17;

    private final AccountedWorker worker =
            new AccountedWorker(Map.of("alpha", "-1.3", "window_reset", "true"));

    @Test
    void anHonestPushPasses() {
        worker.begins(LIFE);
        RunEvent pushed = null;
        for (double loss : new double[] {1.0, 0.99, 1.01, 1.0, 0.2}) {
            pushed = worker.iterates(loss).events().get(0);
        }
        assertTrue(pushed.getReport().getIteration().getPush());
        assertEquals("", pushed.getReport().getFault());
    }

    @Test
    void aPushThatTheReportedLossesDoNotSupportHasAFault() {
        worker.begins(LIFE);
        worker.iterates(1.0);
        Accounting.Outcome outcome =
                worker.says(report(LIFE).setIteration(worker.iteration(1.5).setPush(true)));
        assertEquals("the gate is not satisfied by the reported losses", fault(outcome));
    }

    @Test
    void aPushFromAWindowThatWasNeverReportedHasAFault() {
        worker.begins(LIFE);
        worker.iterates(1.0);
        PushState invented =
                worker.window.toBuilder().clearLosses().addLosses(5).addLosses(5.1).build();
        for (int i = 0; i < 3; i++) {
            invented =
                    worker.gate.observe(invented, PushRule.Observation.ofLoss(5 + 0.01 * i)).next();
        }
        Accounting.Outcome outcome =
                worker.says(
                        report(LIFE)
                                .setIteration(
                                        worker.iteration(0.1).setBefore(invented).setPush(true)));
        assertEquals("its gate's window is not the one that its reports make", fault(outcome));
    }

    @Test
    void afterALostReportTheWindowIsTakenAsTheWorkerSaysIt() {
        worker.begins(LIFE);
        for (double loss : new double[] {1.0, 0.99, 1.01}) {
            worker.iterates(loss);
        }
        worker.iteration(1.0);
        assertEquals("", fault(worker.iterates(0.2)));
    }

    @Test
    void aPullEmptiesTheWindowOnBothSides() {
        worker.begins(LIFE);
        worker.iterates(1.0);
        worker.iterates(0.9);
        worker.window = worker.gate.pulled(worker.window, 0);
        Accounting.Outcome outcome =
                worker.says(report(LIFE).setIteration(worker.iteration(0.8).setBaseVersion(3)));
        assertEquals(3, worker.account.getBaseVersion());
        assertEquals(1, worker.account.getPush().getLossesCount());
        assertEquals("", fault(outcome));
    }

    @Test
    void aReSentPushGetsItsVerdictAgainOnceThereIsOne() {
        worker.begins(LIFE);
        IterationReport.Builder pushed = null;
        for (double loss : new double[] {1.0, 0.99, 1.01, 1.0, 0.2}) {
            pushed = worker.iteration(loss);
            worker.says(report(LIFE).setIteration(pushed));
        }
        long at = pushed.getClock();
        Accounting.Outcome early = worker.says(report(LIFE).setIteration(pushed));
        assertEquals(
                "a", early.events().get(0).getAlive(), "it lives, that is all there is to say");
        assertEquals(1, early.events().size());

        SettledPush settled =
                SettledPush.newBuilder()
                        .setId(UpdateIds.of("a", LIFE, at))
                        .setAdmitted(true)
                        .setVersion(4)
                        .build();
        assertEquals(settled, worker.isSettled(settled).events().get(0).getSettled());
        Accounting.Outcome again = worker.says(report(LIFE).setIteration(pushed));
        assertEquals(settled, again.events().get(1).getSettled());
        assertEquals(at, worker.account.getClock());
    }

    @Test
    void theVerdictOfAnOlderLifeIsPassedOnButNotKept() {
        worker.hello(40, Hello.newBuilder());
        SettledPush settled = SettledPush.newBuilder().setId(UpdateIds.of("a", LIFE, 3)).build();
        assertEquals(1, worker.isSettled(settled).events().size());
        assertFalse(worker.account.hasLastSettled());
    }

    private static String fault(Accounting.Outcome outcome) {
        return outcome.events().get(outcome.events().size() - 1).getReport().getFault();
    }
}
