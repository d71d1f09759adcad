package org.hermesml.core.account;

import java.util.ArrayList;
import java.util.List;
import org.hermesml.core.message.IterationReport;
import org.hermesml.core.message.Ready;
import org.hermesml.core.message.RefusalKind;
import org.hermesml.core.message.Report;
import org.hermesml.core.message.RunSpec;
import org.hermesml.core.message.WorkerSelection;
import org.hermesml.core.method.Methods;
import org.hermesml.core.method.PushRule;
import org.hermesml.core.settings.Settings;
import org.hermesml.core.state.AccountEvent;
import org.hermesml.core.state.MembershipChange;
import org.hermesml.core.state.ReceivedReport;
import org.hermesml.core.state.ReleasedWorker;
import org.hermesml.core.state.RunEvent;
import org.hermesml.core.state.SettledPush;
import org.hermesml.core.state.WorkerAccount;

/**
 * Keeps the account of one worker in one run: its life, its clock, a mirror of its push rule, its
 * last verdict. Re-checks each push against the losses that were reported, repeats the verdict to a
 * re-send, and notices silence. Pure.
 */
public final class Accounting {
    /**
     * Reports are sent in order, each acknowledged before the next: so many may still have been
     * lost with a broker. One that is further ahead was not sent by who says so, and taking it
     * would make the worker's own next ones old.
     */
    private static final int MOST_LOST = 16;

    /**
     * @param events for the run's rules, in order
     * @param refusal why the record is refused; empty when it is not
     * @param kind of the refusal
     * @param wakeMs when to call {@link #onClock}; {@link Long#MAX_VALUE} for never
     */
    public record Outcome(
            WorkerAccount account,
            List<RunEvent> events,
            String refusal,
            RefusalKind kind,
            long wakeMs) {
        Outcome(WorkerAccount account, List<RunEvent> events, long wakeMs) {
            this(account, events, "", RefusalKind.REFUSAL_KIND_UNSPECIFIED, wakeMs);
        }
    }

    private final AccountEvents of;
    private final PushRule pushRule;
    private final PushCheck pushCheck;
    private final WorkerSelection selection;
    private final Silence silence;
    private final Arrivals arrivals;

    public Accounting(RunSpec spec) {
        Settings settings = Settings.of(spec.getSettingsMap());
        this.of = new AccountEvents(spec.getRun());
        this.pushRule = Methods.of(settings).pushRule();
        this.pushCheck = new PushCheck(pushRule);
        this.selection = spec.getWorkers();
        this.silence = new Silence(settings);
        this.arrivals = new Arrivals(of, pushRule, silence, settings);
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
        if (!account.getExpelled().isEmpty()) {
            return refused(account, RefusalKind.EXPELLED, account.getExpelled());
        }
        if (report.hasHello()) {
            return onHello(account, report, received.getAddress().getOffset(), nowMs);
        }
        String worker = report.getWorker();
        boolean later = report.getIncarnation() > account.getIncarnation();
        if (!account.hasHello() || later && account.getRivalMs() == 0) {
            return refused(
                    account,
                    RefusalKind.UNKNOWN_WORKER,
                    "worker " + worker + " reports without having said hello");
        }
        if (report.getIncarnation() != account.getIncarnation()) {
            return came(arrivals.rival(account, worker, report.getIncarnation(), nowMs));
        }
        return switch (report.getContentCase()) {
            case ITERATION -> onIteration(account, worker, report.getIteration(), nowMs);
            case READY -> onReady(account, worker, report.getReady(), nowMs);
            case PROGRESS -> onProgress(account, worker, nowMs);
            case GOODBYE ->
                    accepted(
                            account.toBuilder().setGone(true).build(),
                            of.left(worker, account.getIncarnation(), report.getGoodbye()));
            default -> refused(account, RefusalKind.IMPOSSIBLE, "the report has no content");
        };
    }

    /** The verdict log settled a push of this worker: told at once, or when it is released. */
    public Outcome onSettled(WorkerAccount account, SettledPush settled) {
        if (settled.getExpels()) {
            return expelled(account, settled);
        }
        if (settled.getId().getIncarnation() != account.getIncarnation()) {
            return settled.getWaits() ? accepted(account) : accepted(account, of.settled(settled));
        }
        boolean waits =
                settled.getWaits()
                        && account.getLastReleased().getClock() < settled.getId().getSequence();
        SettledPush known = settled.toBuilder().setWaits(waits).build();
        WorkerAccount next = account.toBuilder().setLastSettled(known).build();
        return waits ? accepted(next) : accepted(next, of.settled(known));
    }

    /** In whatever life: its name is not taken again. */
    private Outcome expelled(WorkerAccount account, SettledPush settled) {
        String worker = settled.getId().getWorker();
        String reason = "worker " + worker + " was expelled from the run: " + settled.getReason();
        return accepted(
                account.toBuilder().setExpelled(reason).setGone(true).build(),
                of.settled(settled),
                of.membership(worker, account.getIncarnation(), MembershipChange.EXPELLED, reason));
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
            return accepted(next.setLastSettled(told).build(), of.settled(told));
        }
        return accepted(next.build(), of.released(released));
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
        if (nowMs - since < silence.deadlineMs(account)) {
            return new Outcome(account, List.of(), since + silence.deadlineMs(account));
        }
        WorkerAccount next = account.toBuilder().setSilent(true).build();
        RunEvent silent = of.silent(account, worker, nowMs - since);
        return new Outcome(next, List.of(silent), nowMs + silence.deadlineMs(account));
    }

    private Outcome onHello(WorkerAccount account, Report report, long offset, long nowMs) {
        String worker = report.getWorker();
        if (account.hasHello() && offset <= account.getIncarnation()) {
            return accepted(account);
        }
        if (!Selections.admits(selection, worker, report.getHello().getLabel())) {
            return refused(
                    account,
                    RefusalKind.UNKNOWN_WORKER,
                    "worker " + worker + " is not among those that may take part");
        }
        return came(arrivals.hello(account, report, offset, nowMs));
    }

    private Outcome came(Arrivals.Arrival arrival) {
        RefusalKind kind =
                arrival.refusal().isEmpty()
                        ? RefusalKind.REFUSAL_KIND_UNSPECIFIED
                        : RefusalKind.EARLIER_LIFE;
        return new Outcome(
                arrival.account(),
                arrival.events(),
                arrival.refusal(),
                kind,
                wakeMs(arrival.account()));
    }

    private Outcome onIteration(
            WorkerAccount account, String worker, IterationReport iteration, long nowMs) {
        if (iteration.getClock() <= account.getClock()) {
            return onResend(account, worker, iteration, nowMs);
        }
        if (iteration.getClock() - account.getClock() > 1 + MOST_LOST) {
            return refused(
                    account,
                    RefusalKind.IMPOSSIBLE,
                    "worker "
                            + worker
                            + " reports iteration "
                            + iteration.getClock()
                            + " after "
                            + account.getClock());
        }
        PushCheck.Checked checked = pushCheck.check(account, iteration);
        List<RunEvent> events = sinceSilence(account, worker);
        events.add(of.report(account, worker, iteration, checked.fault()));
        WorkerAccount next =
                account.toBuilder()
                        .setClock(iteration.getClock())
                        .setPush(checked.next())
                        .setBaseVersion(iteration.getBaseVersion())
                        .setLastProgressMs(nowMs)
                        .setIterationSeconds(iteration.getSeconds())
                        .setSilent(false)
                        .build();
        return new Outcome(next, events, wakeMs(next));
    }

    /** It does something that takes long, and gets on with it. */
    private Outcome onProgress(WorkerAccount account, String worker, long nowMs) {
        if (account.getGone()) {
            return accepted(account);
        }
        WorkerAccount next = heard(account, nowMs);
        List<RunEvent> events = sinceSilence(account, worker);
        events.add(of.alive(worker));
        return new Outcome(next, events, wakeMs(next));
    }

    private static WorkerAccount heard(WorkerAccount account, long nowMs) {
        return account.toBuilder().setLastProgressMs(nowMs).setSilent(false).build();
    }

    /** Who was taken for gone is back with its next sign of life. */
    private List<RunEvent> sinceSilence(WorkerAccount account, String worker) {
        List<RunEvent> events = new ArrayList<>();
        if (account.getSilent()) {
            events.add(of.returned(account, worker));
        }
        return events;
    }

    /** The worker asks whether to push, for the first time or once more. */
    private Outcome onReady(WorkerAccount account, String worker, Ready ready, long nowMs) {
        ReleasedWorker last = account.getLastReleased();
        boolean answered = last.getClock() == ready.getClock() && ready.getClock() > 0;
        if (!pushRule.asksServer()) {
            return refused(
                    account,
                    RefusalKind.IMPOSSIBLE,
                    "worker " + worker + " asks, which this method never does");
        }
        if (!answered && ready.getClock() != account.getClock() + 1) {
            return refused(
                    account,
                    RefusalKind.IMPOSSIBLE,
                    "worker "
                            + worker
                            + " asks about iteration "
                            + ready.getClock()
                            + " after reporting "
                            + account.getClock());
        }
        WorkerAccount next = heard(account, nowMs);
        List<RunEvent> events = sinceSilence(account, worker);
        if (answered) {
            events.add(of.alive(worker));
            events.add(of.released(last));
        } else {
            events.add(of.ready(account, worker, ready));
        }
        return new Outcome(next, events, wakeMs(next));
    }

    /**
     * The worker has not got its verdict: it is said again when it is known, else it is on its way.
     */
    private Outcome onResend(
            WorkerAccount account, String worker, IterationReport iteration, long nowMs) {
        WorkerAccount next = heard(account, nowMs);
        List<RunEvent> events = sinceSilence(account, worker);
        // Those who wait for a verdict show by this alone that it is not all who are silent.
        events.add(of.alive(worker));
        SettledPush last = account.getLastSettled();
        boolean known =
                account.hasLastSettled()
                        && !last.getWaits()
                        && last.getId().getSequence() >= iteration.getClock()
                        && iteration.getPush();
        if (known) {
            events.add(of.settled(last));
        }
        return new Outcome(next, events, wakeMs(next));
    }

    private long wakeMs(WorkerAccount account) {
        return account.getGone() || !account.hasHello()
                ? Long.MAX_VALUE
                : account.getLastProgressMs() + silence.deadlineMs(account);
    }

    private Outcome accepted(WorkerAccount account, RunEvent... events) {
        return new Outcome(account, List.of(events), wakeMs(account));
    }

    private Outcome refused(WorkerAccount account, RefusalKind kind, String reason) {
        return new Outcome(account, List.of(), reason, kind, wakeMs(account));
    }
}
