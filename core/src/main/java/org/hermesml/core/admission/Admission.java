package org.hermesml.core.admission;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.hermesml.core.Protocol;
import org.hermesml.core.log.UpdateIds;
import org.hermesml.core.log.VerdictLog;
import org.hermesml.core.message.Admitted;
import org.hermesml.core.message.EndReason;
import org.hermesml.core.message.MergeKind;
import org.hermesml.core.message.Refused;
import org.hermesml.core.message.Resumed;
import org.hermesml.core.message.RoundClosed;
import org.hermesml.core.message.RunEnd;
import org.hermesml.core.message.RunSpec;
import org.hermesml.core.message.Score;
import org.hermesml.core.message.UpdateId;
import org.hermesml.core.message.Verdict;
import org.hermesml.core.method.Method;
import org.hermesml.core.method.Methods;
import org.hermesml.core.method.Standing;
import org.hermesml.core.settings.Settings;
import org.hermesml.core.state.AccountedReport;
import org.hermesml.core.state.AdmissionState;
import org.hermesml.core.state.Member;
import org.hermesml.core.state.Membership;
import org.hermesml.core.state.NumberedVerdict;
import org.hermesml.core.state.PendingUpdate;
import org.hermesml.core.state.RunEvent;
import org.hermesml.core.wire.Slicing;

/**
 * Decides on the updates of one run, and when the run ends. Pure: the same state, event and time
 * give the same new state and verdicts. A verdict is a proposal until it is read back from the log,
 * where the first entry for a thing wins; all that follows from verdicts is taken from what is read
 * back.
 */
public final class Admission {
    private static final AdmissionState EMPTY = AdmissionState.getDefaultInstance();

    /**
     * @param verdicts to append to the log, in this order
     * @param wakeMs when to call again with a clock tick; {@link Long#MAX_VALUE} for never
     */
    public record Outcome(AdmissionState state, List<Verdict> verdicts, long wakeMs) {}

    private final String run;
    private final Method method;
    private final PendingUpdates pendingUpdates;
    private final Stopping stopping;
    private final long scoreDeadlineMs;
    private final long pushDeadlineMs;
    private final int minWorkers;

    public Admission(RunSpec spec) {
        Settings settings = Settings.of(spec.getSettingsMap());
        this.run = spec.getRun();
        this.method = Methods.of(settings);
        this.pendingUpdates =
                new PendingUpdates(
                        Slicing.of(spec.getParameterCount(), settings), method.updateForm());
        this.stopping = new Stopping(settings);
        this.scoreDeadlineMs = settings.get(Settings.SCORE_DEADLINE).toMillis();
        this.pushDeadlineMs = settings.get(Settings.PUSH_DEADLINE).toMillis();
        this.minWorkers = settings.get(Settings.MIN_WORKERS);
    }

    /** The state of a run before anything happened. */
    public static AdmissionState empty() {
        return EMPTY;
    }

    public Outcome apply(AdmissionState before, RunEvent event, long nowMs) {
        if (before.getLog().getEnded()) {
            return new Outcome(before, List.of(), Long.MAX_VALUE);
        }
        AdmissionState.Builder state = before.toBuilder();
        List<Verdict> verdicts = new ArrayList<>();
        switch (event.getEventCase()) {
            case TICKET -> {
                pendingUpdates.addTicket(state, event.getTicket(), nowMs);
                refuseReplaced(before, state, event.getTicket().getId().getWorker(), verdicts);
            }
            case REPORT -> {
                onReport(state, event.getReport(), nowMs);
                refuseReplaced(before, state, event.getReport().getWorker(), verdicts);
            }
            case MEMBERSHIP -> onMembership(state, event.getMembership(), nowMs);
            case SCORE -> onScore(state, event.getScore(), nowMs);
            case VERDICT -> onLogEntry(state, event.getVerdict(), nowMs, verdicts);
            case ALIVE -> state.setLastProgressMs(nowMs);
            case RESUMED -> onResumed(state, event.getResumed(), nowMs, verdicts);
            case STOP_REQUESTED -> {
                if (isCaughtUp(state)) {
                    end(
                            state,
                            Stopping.withBest(EndReason.STOPPED, "asked to stop", state.build()),
                            verdicts);
                }
            }
            default -> {}
        }
        decide(state, verdicts, nowMs);
        AdmissionState after = state.build();
        return new Outcome(after, verdicts, wake(after, nowMs));
    }

    // ---- taking in

    private void onReport(AdmissionState.Builder state, AccountedReport report, long nowMs) {
        state.setLastProgressMs(nowMs);
        Member member = state.getMembersMap().get(report.getWorker());
        if (member != null && member.getIncarnation() == report.getIncarnation()) {
            state.putMembers(
                    report.getWorker(),
                    member.toBuilder().setClock(report.getIteration().getClock()).build());
        }
        if (report.getIteration().getPush()) {
            pendingUpdates.addReport(state, report, nowMs);
        }
    }

    /** A later update took the place of one that was complete but not decided. */
    private void refuseReplaced(
            AdmissionState before,
            AdmissionState.Builder state,
            String worker,
            List<Verdict> verdicts) {
        PendingUpdate replaced = before.getPendingMap().get(worker);
        if (replaced == null
                || !replaced.hasReport()
                || replaced.getDecided()
                || !isCaughtUp(state)
                || state.getPendingOrThrow(worker).getId().equals(replaced.getId())) {
            return;
        }
        Refused.Builder refused =
                Refused.newBuilder()
                        .setId(replaced.getId())
                        .setReason("a later update of this worker came before it was decided");
        verdicts.add(verdict(state, Verdict.newBuilder().setRefused(refused)));
    }

    private void onMembership(AdmissionState.Builder state, Membership change, long nowMs) {
        Member member = state.getMembersOrDefault(change.getWorker(), Member.getDefaultInstance());
        if (change.getIncarnation() < member.getIncarnation()) {
            return;
        }
        Member.Builder next = member.toBuilder().setIncarnation(change.getIncarnation());
        switch (change.getChange()) {
            case JOINED, RETURNED -> {
                state.setLastProgressMs(nowMs);
                next.setLive(true);
            }
            case LEFT -> next.setLive(false);
            case SILENT -> {
                // When everybody is silent the fault is not this worker's: nobody is evicted.
                boolean othersReport = nowMs - state.getLastProgressMs() < change.getSilentMs() / 2;
                boolean waitsForUs = awaitsVerdict(state, change.getWorker());
                next.setLive(member.getLive() && (waitsForUs || !othersReport));
            }
            default -> {}
        }
        state.putMembers(change.getWorker(), next.build());
    }

    /** It has pushed, and says nothing more until it is told what became of that. */
    private static boolean awaitsVerdict(AdmissionState.Builder state, String worker) {
        PendingUpdate pending = state.getPendingMap().get(worker);
        return pending != null && pending.hasReport()
                || state.getLog().getHeldList().stream()
                        .anyMatch(id -> id.getWorker().equals(worker));
    }

    private void onScore(AdmissionState.Builder state, Score score, long nowMs) {
        if (score.getSubjectCase() == Score.SubjectCase.UPDATE) {
            pendingUpdates.addScore(state, score.getUpdate(), score.getLoss(), nowMs);
        } else if (Double.isFinite(score.getLoss())) {
            Scores.take(state, score, nowMs);
        }
    }

    /**
     * A new life: the state may be older than the log, so nothing is decided until the log brings
     * back the entry that marks the beginning of this life. What was decided but not read back
     * comes before that entry or never; time in which nobody listened is nobody's delay.
     */
    private void onResumed(
            AdmissionState.Builder state, long life, long nowMs, List<Verdict> verdicts) {
        List.copyOf(state.getPendingMap().values())
                .forEach(
                        pending ->
                                state.putPending(
                                        pending.getId().getWorker(),
                                        pending.toBuilder()
                                                .setDecided(false)
                                                .setProgressMs(nowMs)
                                                .setReadyMs(pending.getReadyMs() == 0 ? 0 : nowMs)
                                                .build()));
        state.setClosingRoundPlusOne(0)
                .setEndDecided(false)
                .setInFlight(0)
                .setLastProgressMs(nowMs);
        if (state.getUnscoredSinceMs() > 0) {
            state.setUnscoredSinceMs(nowMs);
        }
        markLife(state, life, verdicts);
    }

    private void markLife(AdmissionState.Builder state, long atLeast, List<Verdict> verdicts) {
        state.setLife(Math.max(atLeast, state.getLog().getLife() + 1));
        verdicts.add(verdict(state, Verdict.newBuilder().setResumed(Resumed.getDefaultInstance())));
    }

    private static boolean isCaughtUp(AdmissionState.Builder state) {
        return state.getLog().getLife() == state.getLife();
    }

    private void onLogEntry(
            AdmissionState.Builder state,
            NumberedVerdict entry,
            long nowMs,
            List<Verdict> verdicts) {
        Verdict verdict = entry.getVerdict();
        boolean awaitsItsMark = state.getLog().getLife() < state.getLife();
        VerdictLog.Step step = VerdictLog.apply(state.getLog(), verdict);
        state.setLog(step.state());
        if (awaitsItsMark && step.state().getLife() > state.getLife()) {
            // The life before was numbered by a clock that is ahead of this one's.
            markLife(state, 0, verdicts);
        }
        boolean taken = verdict.hasAdmitted() || verdict.hasHeld();
        if (taken && verdict.getLife() == state.getLife()) {
            state.setInFlight(Math.max(0, state.getInFlight() - 1));
        }
        UpdateId id = subject(verdict);
        if (id != null) {
            PendingUpdate pending = state.getPendingMap().get(id.getWorker());
            if (pending != null && VerdictLog.isDecided(step.state(), pending.getId())) {
                state.removePending(id.getWorker());
            } else if (pending != null && pending.getId().equals(id)) {
                // The log did not take it, for instance since its round was closed before: to be
                // decided anew.
                state.putPending(id.getWorker(), pending.toBuilder().setDecided(false).build());
            }
        }
        if (step.entry().getIgnored()) {
            return;
        }
        if (verdict.hasRoundClosed()) {
            state.setClosingRoundPlusOne(0);
        }
        if (verdict.hasAdmitted() && !UpdateIds.isInitial(id)) {
            state.setLastWorkerLoss(verdict.getAdmitted().getWorkerLoss());
        }
        if (step.entry().getNewVersion()) {
            if (state.getStartedMs() == 0) {
                state.setStartedMs(nowMs);
            }
            if (state.getUnscoredSinceMs() == 0) {
                state.setUnscoredSinceMs(nowMs);
            }
            Scores.takeEarly(state, nowMs);
        }
    }

    // ---- deciding

    private void decide(AdmissionState.Builder state, List<Verdict> verdicts, long nowMs) {
        if (state.getEndDecided() || state.getLog().getEnded() || !isCaughtUp(state)) {
            return;
        }
        if (state.getLog().getVersionPlusOne() == 0
                && VerdictLog.isDecided(state.getLog(), UpdateIds.INITIAL)) {
            String text = "the initial model was refused: the log of verdicts says why";
            end(state, Stopping.withBest(EndReason.FAILED, text, state.build()), verdicts);
            return;
        }
        // By name, so that the order does not hang on a map's.
        for (PendingUpdate pending : new TreeMap<>(state.getPendingMap()).values()) {
            decideOne(state, pending, verdicts, nowMs);
        }
        Standing standing = standing(state, nowMs);
        boolean closing = state.getClosingRoundPlusOne() == standing.round() + 1;
        if (!closing && method.admissionRule().roundIsComplete(standing)) {
            state.setClosingRoundPlusOne(standing.round() + 1);
            verdicts.add(
                    verdict(
                            state,
                            Verdict.newBuilder()
                                    .setRoundClosed(
                                            RoundClosed.newBuilder()
                                                    .setRound(standing.round())
                                                    .setUpdates(state.getLog().getHeldCount()))));
        }
        stopping.check(state.build(), nowMs).ifPresent(end -> end(state, end, verdicts));
    }

    private void decideOne(
            AdmissionState.Builder state,
            PendingUpdate pending,
            List<Verdict> verdicts,
            long nowMs) {
        if (pending.getDecided()) {
            return;
        }
        Member member =
                state.getMembersOrDefault(pending.getId().getWorker(), Member.getDefaultInstance());
        if (pending.getId().getIncarnation() < member.getIncarnation()
                && !pendingUpdates.isReady(pending)) {
            refuse(state, pending, "a later life of this worker has begun", verdicts);
        } else if (pendingUpdates.isReady(pending)) {
            if (!pending.getFault().isEmpty()) {
                refuse(state, pending, pending.getFault(), verdicts);
            } else if (UpdateIds.isInitial(pending.getId())) {
                admitInitial(state, pending, verdicts);
            } else if (state.getLog().getVersionPlusOne() > 0) {
                admit(state, pending, verdicts, nowMs);
            }
        } else if (nowMs - pending.getProgressMs() >= pushDeadlineMs) {
            refuse(
                    state,
                    pending,
                    String.format(
                            Locale.ROOT,
                            "incomplete %d s after its last slice: %d of %d slices%s",
                            pushDeadlineMs / 1000,
                            pending.getGoodSlicesCount(),
                            pending.getSliceCount(),
                            pending.hasReport() ? "" : ", no report"),
                    verdicts);
        }
    }

    private void admitInitial(
            AdmissionState.Builder state, PendingUpdate pending, List<Verdict> verdicts) {
        if (state.getMembersCount() < minWorkers) {
            return;
        }
        Admitted.Builder admitted =
                Admitted.newBuilder()
                        .setId(pending.getId())
                        .setKind(MergeKind.REPLACE)
                        .setCoefficient(1);
        write(state, pending, Verdict.newBuilder().setAdmitted(admitted), verdicts);
    }

    private void admit(
            AdmissionState.Builder state,
            PendingUpdate pending,
            List<Verdict> verdicts,
            long nowMs) {
        PendingUpdate update = pending;
        if (update.getReadyMs() == 0) {
            update = update.toBuilder().setReadyMs(nowMs).build();
            state.putPending(update.getId().getWorker(), update);
        }
        double loss = update.getReport().getHeldOutLoss();
        if (!Double.isFinite(loss) || loss < 0) {
            refuse(state, update, "its reported held-out loss is " + loss, verdicts);
            return;
        }
        if (method.scoresUpdates()
                && !update.getScored()
                && nowMs - update.getReadyMs() >= scoreDeadlineMs) {
            // No evaluator in time: the worker's own loss stands in, never better than what was
            // scored lately.
            update =
                    update.toBuilder()
                            .setScore(Scores.replacement(state.getScores(), loss))
                            .setScored(true)
                            .build();
        }
        if (update.getScored() && !Double.isFinite(update.getScore())) {
            refuse(
                    state,
                    update,
                    "its held-out loss at the server is " + update.getScore(),
                    verdicts);
            return;
        }
        PendingUpdate asked = update;
        method.admissionRule()
                .decide(asked, standing(state, nowMs))
                .ifPresent(decision -> write(state, asked, decision, verdicts));
    }

    private void refuse(
            AdmissionState.Builder state,
            PendingUpdate pending,
            String reason,
            List<Verdict> verdicts) {
        Refused.Builder refused = Refused.newBuilder().setId(pending.getId()).setReason(reason);
        write(state, pending, Verdict.newBuilder().setRefused(refused), verdicts);
    }

    private void write(
            AdmissionState.Builder state,
            PendingUpdate pending,
            Verdict.Builder decision,
            List<Verdict> verdicts) {
        verdicts.add(verdict(state, decision));
        if (!decision.hasRefused()) {
            state.setInFlight(state.getInFlight() + 1);
        }
        state.putPending(pending.getId().getWorker(), pending.toBuilder().setDecided(true).build());
    }

    private void end(AdmissionState.Builder state, RunEnd end, List<Verdict> verdicts) {
        if (!state.getEndDecided()) {
            state.setEndDecided(true);
            verdicts.add(verdict(state, Verdict.newBuilder().setEnd(end)));
        }
    }

    private Verdict verdict(AdmissionState.Builder state, Verdict.Builder decision) {
        return decision.setProtocol(Protocol.VERSION).setRun(run).setLife(state.getLife()).build();
    }

    private Standing standing(AdmissionState.Builder state, long nowMs) {
        Set<String> live = new LinkedHashSet<>();
        state.getMembersMap()
                .forEach(
                        (worker, member) -> {
                            if (member.getLive()) {
                                live.add(worker);
                            }
                        });
        Set<String> held = new LinkedHashSet<>();
        state.getLog().getHeldList().forEach(id -> held.add(id.getWorker()));
        boolean late =
                state.getUnscoredSinceMs() > 0
                        && nowMs - state.getUnscoredSinceMs() >= scoreDeadlineMs;
        boolean known = state.getScores().getNewestVersionPlusOne() > 0;
        boolean scored = known && !late;
        return new Standing(
                VerdictLog.version(state.getLog()),
                state.getInFlight(),
                state.getLog().getRound(),
                held,
                live,
                scored
                        ? state.getScores().getNewestLoss()
                        : Scores.replacement(state.getScores(), state.getLastWorkerLoss()),
                scored ? state.getScores().getNewestVersionPlusOne() - 1 : -1,
                state.getUnscoredSinceMs() == 0 || late);
    }

    /**
     * The nearest deadline still ahead; one that has passed was acted upon or waits for an event.
     */
    private long wake(AdmissionState state, long nowMs) {
        if (state.getEndDecided()) {
            return Long.MAX_VALUE;
        }
        LongStream.Builder deadlines = LongStream.builder().add(stopping.deadlineMs(state));
        if (method.scoresUpdates() && state.getUnscoredSinceMs() > 0) {
            deadlines.add(state.getUnscoredSinceMs() + scoreDeadlineMs);
        }
        for (PendingUpdate pending : state.getPendingMap().values()) {
            if (pending.getReadyMs() > 0) {
                deadlines.add(pending.getReadyMs() + scoreDeadlineMs);
            } else if (!pendingUpdates.isReady(pending)) {
                deadlines.add(pending.getProgressMs() + pushDeadlineMs);
            }
        }
        return deadlines.build().filter(due -> due > nowMs).min().orElse(Long.MAX_VALUE);
    }

    /** The update that a verdict is about; null for a round or an end. */
    private static UpdateId subject(Verdict verdict) {
        return switch (verdict.getDecisionCase()) {
            case ADMITTED -> verdict.getAdmitted().getId();
            case HELD -> verdict.getHeld().getId();
            case REFUSED -> verdict.getRefused().getId();
            default -> null;
        };
    }
}
