package org.hermesml.core.account;

import java.util.ArrayList;
import java.util.List;
import org.hermesml.core.message.IterationReport;
import org.hermesml.core.message.PushState;
import org.hermesml.core.message.Ready;
import org.hermesml.core.message.Report;
import org.hermesml.core.message.RunSpec;
import org.hermesml.core.message.WorkerSelection;
import org.hermesml.core.method.Methods;
import org.hermesml.core.method.PushRule;
import org.hermesml.core.settings.Settings;
import org.hermesml.core.state.AccountEvent;
import org.hermesml.core.state.AccountedReport;
import org.hermesml.core.state.Membership;
import org.hermesml.core.state.MembershipChange;
import org.hermesml.core.state.ReceivedReport;
import org.hermesml.core.state.ReleasedWorker;
import org.hermesml.core.state.RunEvent;
import org.hermesml.core.state.SettledPush;
import org.hermesml.core.state.WaitingWorker;
import org.hermesml.core.state.WorkerAccount;

/**
 * Keeps the account of one worker in one run: its life, its clock, a mirror of its push rule, its
 * last verdict. Re-checks each push against the losses that were reported, repeats the verdict to a
 * re-send, and notices silence. Pure.
 */
public final class Accounting {
    /**
     * A worker that has just said hello fetches data and model first: it gets this many times the
     * usual floor.
     */
    private static final int START_FACTOR = 3;

    /**
     * @param events for the run's rules, in order
     * @param refusal why the record is refused; empty when it is not
     * @param wakeMs when to call {@link #onClock}; {@link Long#MAX_VALUE} for never
     */
    public record Outcome(
            WorkerAccount account, List<RunEvent> events, String refusal, long wakeMs) {}

    private final String run;
    private final PushRule pushRule;
    private final WorkerSelection selection;
    private final double silenceFactor;
    private final long silenceFloorMs;

    public Accounting(RunSpec spec) {
        Settings settings = Settings.of(spec.getSettingsMap());
        this.run = spec.getRun();
        this.pushRule = Methods.of(settings).pushRule();
        this.selection = spec.getWorkers();
        this.silenceFactor = settings.get(Settings.SILENCE_FACTOR);
        this.silenceFloorMs = settings.get(Settings.SILENCE_FLOOR).toMillis();
    }

    public Outcome apply(WorkerAccount account, AccountEvent event, long nowMs) {
        return switch (event.getEventCase()) {
            case REPORT -> onReport(account, event.getReport(), nowMs);
            case SETTLED -> onSettled(account, event.getSettled());
            case RELEASED -> onReleased(account, event.getReleased());
            case EVENT_NOT_SET -> accepted(account);
        };
    }

    public Outcome onReport(WorkerAccount account, ReceivedReport received, long nowMs) {
        Report report = received.getReport();
        if (report.hasHello()) {
            return onHello(account, report, received.getAddress().getOffset(), nowMs);
        }
        String worker = report.getWorker();
        if (!account.hasHello() || report.getIncarnation() > account.getIncarnation()) {
            return refused(account, "worker " + worker + " reports without having said hello");
        }
        if (report.getIncarnation() < account.getIncarnation()) {
            String reason = "a later process with the id " + worker + " has taken its place";
            RunEvent dismissed =
                    membership(worker, report.getIncarnation(), MembershipChange.DISMISSED, reason);
            return new Outcome(account, List.of(dismissed), reason, wakeMs(account));
        }
        return switch (report.getContentCase()) {
            case ITERATION -> onIteration(account, worker, report.getIteration(), nowMs);
            case READY -> onReady(account, worker, report.getReady(), nowMs);
            case GOODBYE ->
                    accepted(
                            account.toBuilder().setGone(true).build(),
                            membership(
                                    worker,
                                    account.getIncarnation(),
                                    MembershipChange.LEFT,
                                    report.getGoodbye().getReason()));
            default -> refused(account, "the report has no content");
        };
    }

    /** The verdict log settled a push of this worker: told at once, or when it is released. */
    public Outcome onSettled(WorkerAccount account, SettledPush settled) {
        if (settled.getId().getIncarnation() != account.getIncarnation()) {
            return settled.getWaits()
                    ? accepted(account)
                    : accepted(account, event().setSettled(settled).build());
        }
        boolean waits =
                settled.getWaits()
                        && account.getLastReleased().getClock() < settled.getId().getSequence();
        SettledPush known = settled.toBuilder().setWaits(waits).build();
        WorkerAccount next = account.toBuilder().setLastSettled(known).build();
        return waits ? accepted(next) : accepted(next, event().setSettled(known).build());
    }

    /** The verdict log released this worker: it hears of its push, or is told how to go on. */
    public Outcome onReleased(WorkerAccount account, ReleasedWorker released) {
        if (released.getIncarnation() != account.getIncarnation()
                || released.getClock() <= account.getLastReleased().getClock()) {
            return accepted(account);
        }
        WorkerAccount.Builder next = account.toBuilder().setLastReleased(released);
        SettledPush last = account.getLastSettled();
        if (last.getWaits() && last.getId().getSequence() <= released.getClock()) {
            SettledPush told = last.toBuilder().setWaits(false).build();
            return accepted(next.setLastSettled(told).build(), event().setSettled(told).build());
        }
        return accepted(next.build(), event().setReleased(released).build());
    }

    /**
     * A deadline may have passed.
     *
     * @param watchingSinceMs since when this account has been served without a break: time before
     *     that is not silence
     */
    public Outcome onClock(WorkerAccount account, String worker, long nowMs, long watchingSinceMs) {
        long since = Math.max(account.getLastProgressMs(), watchingSinceMs);
        if (account.getGone() || !account.hasHello()) {
            return accepted(account);
        }
        if (nowMs - since < deadlineMs(account)) {
            return new Outcome(account, List.of(), "", since + deadlineMs(account));
        }
        Membership silent =
                Membership.newBuilder()
                        .setRun(run)
                        .setWorker(worker)
                        .setIncarnation(account.getIncarnation())
                        .setChange(MembershipChange.SILENT)
                        .setSilentMs(nowMs - since)
                        .build();
        WorkerAccount next = account.toBuilder().setSilent(true).build();
        RunEvent event = event().setMembership(silent).build();
        return new Outcome(next, List.of(event), "", nowMs + deadlineMs(account));
    }

    private Outcome onHello(WorkerAccount account, Report report, long offset, long nowMs) {
        String worker = report.getWorker();
        if (account.hasHello() && offset <= account.getIncarnation()) {
            return accepted(account);
        }
        if (!Selections.admits(selection, worker, report.getHello().getLabel())) {
            return refused(account, "worker " + worker + " is not among those that may take part");
        }
        List<RunEvent> events = new ArrayList<>();
        MembershipChange change =
                account.hasHello() ? MembershipChange.RETURNED : MembershipChange.JOINED;
        events.add(
                event().setMembership(
                                Membership.newBuilder()
                                        .setRun(run)
                                        .setWorker(worker)
                                        .setIncarnation(offset)
                                        .setChange(change)
                                        .setHello(report.getHello()))
                        .build());
        if (account.hasHello() && !account.getGone()) {
            events.add(
                    membership(
                            worker,
                            account.getIncarnation(),
                            MembershipChange.DISMISSED,
                            "a later process with the id " + worker + " has taken its place"));
        }
        WorkerAccount next =
                WorkerAccount.newBuilder()
                        .setIncarnation(offset)
                        .setHello(report.getHello())
                        .setPush(pushRule.start())
                        .setBaseVersion(-1)
                        .setLastProgressMs(nowMs)
                        .build();
        return new Outcome(next, events, "", wakeMs(next));
    }

    private Outcome onIteration(
            WorkerAccount account, String worker, IterationReport iteration, long nowMs) {
        if (iteration.getClock() <= account.getClock()) {
            return onResend(account, worker, iteration, nowMs);
        }
        PushState mirrored =
                iteration.getBaseVersion() == account.getBaseVersion()
                        ? account.getPush()
                        : pushRule.pulled(account.getPush(), iterationsTold(account));
        boolean gap = iteration.getClock() != account.getClock() + 1;
        PushRule.PushStep step =
                pushRule.observe(iteration.getBefore(), PushRule.Observation.of(iteration));
        String fault = "";
        if (iteration.getPush() && !gap && !mirrored.equals(iteration.getBefore())) {
            fault = "its gate's window is not the one that its reports make";
        } else if (iteration.getPush() && !step.mayPush()) {
            fault = "the gate is not satisfied by the reported losses";
        }
        List<RunEvent> events = new ArrayList<>();
        if (account.getSilent()) {
            events.add(returned(account, worker));
        }
        events.add(
                event().setReport(
                                AccountedReport.newBuilder()
                                        .setRun(run)
                                        .setWorker(worker)
                                        .setIncarnation(account.getIncarnation())
                                        .setIteration(iteration)
                                        .setFault(fault))
                        .build());
        WorkerAccount next =
                account.toBuilder()
                        .setClock(iteration.getClock())
                        .setPush(step.next())
                        .setBaseVersion(iteration.getBaseVersion())
                        .setLastProgressMs(nowMs)
                        .setIterationSeconds(iteration.getSeconds())
                        .setSilent(false)
                        .build();
        return new Outcome(next, events, "", wakeMs(next));
    }

    /** The worker asks whether to push, for the first time or once more. */
    private Outcome onReady(WorkerAccount account, String worker, Ready ready, long nowMs) {
        WorkerAccount next = account.toBuilder().setLastProgressMs(nowMs).setSilent(false).build();
        List<RunEvent> events = new ArrayList<>();
        if (account.getSilent()) {
            events.add(returned(account, worker));
        }
        ReleasedWorker last = account.getLastReleased();
        if (last.getClock() == ready.getClock()) {
            events.add(event().setAlive(worker).build());
            events.add(event().setReleased(last).build());
        } else {
            events.add(
                    event().setReady(
                                    WaitingWorker.newBuilder()
                                            .setRun(run)
                                            .setWorker(worker)
                                            .setIncarnation(account.getIncarnation())
                                            .setClock(ready.getClock())
                                            .setWants(ready.getWants()))
                            .build());
        }
        return new Outcome(next, events, "", wakeMs(next));
    }

    /** Iterations until the next push, as the worker was told with the outcome of its newest. */
    private static int iterationsTold(WorkerAccount account) {
        SettledPush last = account.getLastSettled();
        return last.getId().getSequence() == account.getClock() ? last.getIterations() : 0;
    }

    /**
     * The worker has not got its verdict: it is said again when it is known, else it is on its way.
     */
    private Outcome onResend(
            WorkerAccount account, String worker, IterationReport iteration, long nowMs) {
        WorkerAccount next = account.toBuilder().setLastProgressMs(nowMs).setSilent(false).build();
        List<RunEvent> events = new ArrayList<>();
        if (account.getSilent()) {
            events.add(returned(account, worker));
        }
        // Those who wait for a verdict show by this alone that it is not all who are silent.
        events.add(event().setAlive(worker).build());
        SettledPush last = account.getLastSettled();
        boolean known =
                account.hasLastSettled()
                        && !last.getWaits()
                        && last.getId().getSequence() >= iteration.getClock()
                        && iteration.getPush();
        if (known) {
            events.add(event().setSettled(last).build());
        }
        return new Outcome(next, events, "", wakeMs(next));
    }

    private RunEvent returned(WorkerAccount account, String worker) {
        return event().setMembership(
                        Membership.newBuilder()
                                .setRun(run)
                                .setWorker(worker)
                                .setIncarnation(account.getIncarnation())
                                .setChange(MembershipChange.RETURNED)
                                .setHello(account.getHello()))
                .build();
    }

    private long deadlineMs(WorkerAccount account) {
        if (account.getIterationSeconds() == 0) {
            return START_FACTOR * silenceFloorMs;
        }
        return Math.max(
                silenceFloorMs, (long) (silenceFactor * account.getIterationSeconds() * 1000));
    }

    private long wakeMs(WorkerAccount account) {
        return account.getGone() || !account.hasHello()
                ? Long.MAX_VALUE
                : account.getLastProgressMs() + deadlineMs(account);
    }

    private Outcome accepted(WorkerAccount account, RunEvent... events) {
        return new Outcome(account, List.of(events), "", wakeMs(account));
    }

    private Outcome refused(WorkerAccount account, String reason) {
        return new Outcome(account, List.of(), reason, wakeMs(account));
    }

    private RunEvent membership(
            String worker, long incarnation, MembershipChange change, String reason) {
        return event().setMembership(
                        Membership.newBuilder()
                                .setRun(run)
                                .setWorker(worker)
                                .setIncarnation(incarnation)
                                .setChange(change)
                                .setReason(reason))
                .build();
    }

    private RunEvent.Builder event() {
        return RunEvent.newBuilder().setRun(run);
    }
}
