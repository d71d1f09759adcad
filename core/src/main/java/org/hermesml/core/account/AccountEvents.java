package org.hermesml.core.account;

import org.hermesml.core.message.Goodbye;
import org.hermesml.core.message.Hello;
import org.hermesml.core.message.IterationReport;
import org.hermesml.core.message.PushState;
import org.hermesml.core.message.Ready;
import org.hermesml.core.message.RefusalKind;
import org.hermesml.core.state.AccountedReport;
import org.hermesml.core.state.Membership;
import org.hermesml.core.state.MembershipChange;
import org.hermesml.core.state.ReleasedWorker;
import org.hermesml.core.state.RunEvent;
import org.hermesml.core.state.SettledPush;
import org.hermesml.core.state.WaitingWorker;
import org.hermesml.core.state.WorkerAccount;

/** Writes down what the account of a worker has for the rules of its run. */
final class AccountEvents {
    private final String run;

    AccountEvents(String run) {
        this.run = run;
    }

    RunEvent arrived(String worker, long incarnation, MembershipChange change, Hello hello) {
        return event().setMembership(change(worker, incarnation, change).setHello(hello)).build();
    }

    RunEvent returned(WorkerAccount account, String worker) {
        return arrived(
                worker, account.getIncarnation(), MembershipChange.RETURNED, account.getHello());
    }

    /** In a new life, with what its push rule begins with. */
    RunEvent begins(String worker, long incarnation, Hello hello, PushState push) {
        return event().setMembership(
                        change(worker, incarnation, MembershipChange.RETURNED)
                                .setHello(hello)
                                .setPush(push))
                .build();
    }

    /**
     * @param rival whether its process and the one that has its place are known to be alive
     */
    RunEvent dismissed(String worker, long incarnation, String reason, boolean rival) {
        return event().setMembership(
                        change(worker, incarnation, MembershipChange.DISMISSED)
                                .setReason(reason)
                                .setRival(rival))
                .build();
    }

    RunEvent membership(String worker, long incarnation, MembershipChange change, String reason) {
        return event().setMembership(change(worker, incarnation, change).setReason(reason)).build();
    }

    RunEvent left(String worker, long incarnation, Goodbye goodbye) {
        return event().setMembership(
                        change(worker, incarnation, MembershipChange.LEFT)
                                .setReason(goodbye.getReason())
                                .setDiverged(goodbye.getDiverged()))
                .build();
    }

    RunEvent silent(WorkerAccount account, String worker, long silentMs) {
        return event().setMembership(
                        change(worker, account.getIncarnation(), MembershipChange.SILENT)
                                .setSilentMs(silentMs))
                .build();
    }

    RunEvent report(WorkerAccount account, String worker, IterationReport iteration, String fault) {
        return event().setReport(
                        AccountedReport.newBuilder()
                                .setRun(run)
                                .setWorker(worker)
                                .setIncarnation(account.getIncarnation())
                                .setIteration(iteration)
                                .setFault(fault)
                                .setFaultKind(
                                        fault.isEmpty()
                                                ? RefusalKind.REFUSAL_KIND_UNSPECIFIED
                                                : RefusalKind.GATE_UNSATISFIED))
                .build();
    }

    RunEvent ready(WorkerAccount account, String worker, Ready ready) {
        return event().setReady(
                        WaitingWorker.newBuilder()
                                .setRun(run)
                                .setWorker(worker)
                                .setIncarnation(account.getIncarnation())
                                .setClock(ready.getClock())
                                .setWants(ready.getWants()))
                .build();
    }

    RunEvent alive(String worker) {
        return event().setAlive(worker).build();
    }

    RunEvent settled(SettledPush settled) {
        return event().setSettled(settled).build();
    }

    RunEvent released(ReleasedWorker released) {
        return event().setReleased(released).build();
    }

    private Membership.Builder change(String worker, long incarnation, MembershipChange change) {
        return Membership.newBuilder()
                .setRun(run)
                .setWorker(worker)
                .setIncarnation(incarnation)
                .setChange(change);
    }

    private RunEvent.Builder event() {
        return RunEvent.newBuilder().setRun(run);
    }
}
