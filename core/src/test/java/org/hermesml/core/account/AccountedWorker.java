package org.hermesml.core.account;

import java.util.List;
import java.util.Map;
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

/** Worker a, with its own window, and the account that the server keeps of it. */
final class AccountedWorker {
    final PushRule gate;
    WorkerAccount account = WorkerAccount.getDefaultInstance();
    Accounting.Outcome last;
    PushState window;
    long clock;
    long nowMs = 1_000;

    private final Accounting accounting;
    private long life;

    AccountedWorker(Map<String, String> settings) {
        this(settings, WorkerSelection.getDefaultInstance());
    }

    AccountedWorker(Map<String, String> settings, WorkerSelection wanted) {
        Settings all = Settings.of(settings);
        this.gate = Methods.of(all).pushRule();
        this.window = gate.start();
        this.accounting =
                new Accounting(
                        RunSpec.newBuilder()
                                .setRun("run-1")
                                .putAllSettings(all.toMap())
                                .setWorkers(wanted)
                                .build());
    }

    // ---- what it says

    /** From now on it iterates in this life. */
    Accounting.Outcome begins(long incarnation) {
        return begins(incarnation, Hello.newBuilder());
    }

    Accounting.Outcome begins(long incarnation, Hello.Builder hello) {
        life = incarnation;
        clock = 0;
        return hello(incarnation, hello);
    }

    /** Of any process with its id. */
    Accounting.Outcome hello(long incarnation, Hello.Builder hello) {
        return take(
                accounting.onReport(
                        account,
                        ReceivedReport.newBuilder()
                                .setReport(report(0).setHello(hello))
                                .setAddress(RecordAddress.newBuilder().setOffset(incarnation))
                                .build(),
                        nowMs));
    }

    static Report.Builder report(long incarnation) {
        return Report.newBuilder().setWorker("a").setIncarnation(incarnation);
    }

    Accounting.Outcome says(Report.Builder report) {
        return take(
                accounting.onReport(
                        account, ReceivedReport.newBuilder().setReport(report).build(), nowMs));
    }

    Accounting.Outcome iterates(double loss) {
        return iterates(loss, 0);
    }

    /**
     * @param base version that it began from
     */
    Accounting.Outcome iterates(double loss, long base) {
        return says(report(life).setIteration(iteration(loss).setBaseVersion(base)));
    }

    /** Finishes an iteration; the report is the caller's to send. */
    IterationReport.Builder iteration(double loss) {
        PushRule.PushStep step = gate.observe(window, PushRule.Observation.ofLoss(loss));
        IterationReport.Builder report =
                IterationReport.newBuilder()
                        .setClock(++clock)
                        .setHeldOutLoss(loss)
                        .setSeconds(1)
                        .setBefore(window)
                        .setPush(step.push());
        window = step.next();
        return report;
    }

    // ---- what else happens

    Accounting.Outcome isSettled(SettledPush settled) {
        return take(accounting.onSettled(account, settled));
    }

    /** The rule is woken. */
    Accounting.Outcome isLookedAt(long watchingSinceMs) {
        return take(accounting.onClock(account, "a", nowMs, watchingSinceMs));
    }

    private Accounting.Outcome take(Accounting.Outcome outcome) {
        last = outcome;
        account = outcome.account();
        return outcome;
    }

    // ---- what came of it

    List<MembershipChange> changes() {
        return changes(last);
    }

    static List<MembershipChange> changes(Accounting.Outcome outcome) {
        return outcome.events().stream()
                .filter(RunEvent::hasMembership)
                .map(event -> event.getMembership().getChange())
                .toList();
    }
}
