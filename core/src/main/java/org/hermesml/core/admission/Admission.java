package org.hermesml.core.admission;

import java.util.List;
import java.util.stream.LongStream;
import org.hermesml.core.defence.Defence;
import org.hermesml.core.log.UpdateIds;
import org.hermesml.core.log.VerdictLog;
import org.hermesml.core.merge.MergeWeight;
import org.hermesml.core.message.RefusalKind;
import org.hermesml.core.message.RunSpec;
import org.hermesml.core.message.Score;
import org.hermesml.core.message.UpdateId;
import org.hermesml.core.message.Verdict;
import org.hermesml.core.state.AccountedReport;
import org.hermesml.core.state.AdmissionState;
import org.hermesml.core.state.NumberedVerdict;
import org.hermesml.core.state.PendingUpdate;
import org.hermesml.core.state.RunEvent;

/**
 * Decides on the updates of one run, and when the run ends. Pure: the same state, event and time
 * give the same new state and verdicts. A verdict is a proposal until it is read back from the log,
 * where the first entry for a thing wins; all that follows from verdicts is taken from what is read
 * back.
 */
public final class Admission {
    private static final AdmissionState EMPTY = AdmissionState.getDefaultInstance();

    /**
     * A restored server learns within this time who joined since its checkpoint: their reports lie
     * unread beside the log. A round that ended before would end without them.
     */
    private static final long SETTLING_MS = 1_000;

    /**
     * @param verdicts to append to the log, in this order
     * @param forgotten updates of which no verdict will ever be written, with the reason: their
     *     slices are not needed
     * @param wakeMs when to call again with a clock tick; {@link Long#MAX_VALUE} for never
     */
    public record Outcome(
            AdmissionState state, List<Verdict> verdicts, List<Forgotten> forgotten, long wakeMs) {}

    /** An update that was given up before anybody committed it. */
    public record Forgotten(UpdateId id, RefusalKind kind, String reason) {}

    private final RunRules rules;

    public Admission(RunSpec spec) {
        this.rules = RunRules.of(spec);
    }

    /** The state of a run before anything happened. */
    public static AdmissionState empty() {
        return EMPTY;
    }

    /** Shards of the run's model, each of which keeps the slices of undecided updates. */
    public int shardCount() {
        return rules.pendingUpdates().shardCount();
    }

    public Outcome apply(AdmissionState before, RunEvent event, long nowMs) {
        if (before.getLog().getEnded()) {
            return new Outcome(before, List.of(), List.of(), Long.MAX_VALUE);
        }
        AdmissionState.Builder state = before.toBuilder();
        DecisionPass pass = new DecisionPass(rules, state, nowMs);
        switch (event.getEventCase()) {
            case TICKET -> {
                pass.abandoned().sliceCame(event.getTicket().getId());
                rules.pendingUpdates().addTicket(state, event.getTicket(), nowMs);
            }
            case REPORT -> {
                onReport(state, event.getReport(), nowMs);
                pass.refuseReplaced(before, event.getReport().getWorker());
            }
            case READY -> {
                state.setLastProgressMs(nowMs);
                Roster.take(state, event.getReady(), rules.starts(nowMs));
            }
            case MEMBERSHIP -> Roster.take(state, event.getMembership(), rules.starts(nowMs));
            case SCORE -> onScore(state, event.getScore(), nowMs);
            case VERDICT -> onLogEntry(state, event.getVerdict(), nowMs, pass);
            case ALIVE -> state.setLastProgressMs(nowMs);
            case RESUMED -> {
                onResumed(state, nowMs);
                pass.markLife(event.getResumed());
            }
            case STOP_REQUESTED -> pass.stopOnRequest();
            default -> {}
        }
        pass.decide();
        AdmissionState after = state.build();
        return new Outcome(
                after, pass.verdicts(), pass.abandoned().forgotten(), wake(after, nowMs));
    }

    private void onReport(AdmissionState.Builder state, AccountedReport report, long nowMs) {
        state.setLastProgressMs(nowMs);
        double work = Roster.take(state, report, rules.starts(nowMs));
        if (report.getIteration().getPush()) {
            rules.pendingUpdates().addReport(state, report, work, nowMs);
        }
    }

    private void onScore(AdmissionState.Builder state, Score score, long nowMs) {
        if (score.getSubjectCase() == Score.SubjectCase.UPDATE) {
            if (!rules.method().scoresUpdates() && !rules.defence().audits()) {
                return;
            }
            UpdateId id = score.getUpdate();
            boolean rough = score.getSamples() < rules.heldOutSamples();
            rules.pendingUpdates().addScore(state, id, score.getLoss(), rough, nowMs);
            rules.defence().audited(state, id, score.getLoss(), rough);
        } else if (Double.isFinite(score.getLoss())) {
            Scores.take(state, score, nowMs);
        }
    }

    /**
     * A new life: the state may be older than the log, so nothing is decided until the log brings
     * back the entry that marks the beginning of this life. What was decided but not read back
     * comes before that entry or never; time in which nobody listened is nobody's delay.
     */
    private static void onResumed(AdmissionState.Builder state, long nowMs) {
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
        Uncommitted.resume(state, nowMs);
        state.setClosingRoundPlusOne(0)
                .setEndDecided(false)
                .setInFlight(0)
                .setQuorumMs(0)
                .setRoundOpenedMs(state.getRoundOpenedMs() == 0 ? 0 : nowMs)
                .setLastProgressMs(nowMs);
        if (state.getUnscoredSinceMs() > 0) {
            state.setUnscoredSinceMs(nowMs);
        }
        if (state.getMembersCount() > 0) {
            state.setSettlesMs(nowMs + SETTLING_MS);
        }
        Roster.resume(state, nowMs);
    }

    private void onLogEntry(
            AdmissionState.Builder state, NumberedVerdict entry, long nowMs, DecisionPass pass) {
        Verdict verdict = entry.getVerdict();
        boolean awaitsItsMark = state.getLog().getLife() < state.getLife();
        VerdictLog.Step step = VerdictLog.apply(state.getLog(), verdict);
        state.setLog(step.state());
        if (awaitsItsMark && step.state().getLife() > state.getLife()) {
            // The life before was numbered by a clock that is ahead of this one's.
            pass.markLife(0);
        }
        boolean taken = verdict.hasAdmitted() || verdict.hasHeld();
        if (taken && verdict.getLife() == state.getLife()) {
            state.setInFlight(Math.max(0, state.getInFlight() - 1));
        }
        UpdateIds.of(verdict).ifPresent(id -> onLogged(state, id));
        if (step.entry().getIgnored()) {
            return;
        }
        Roster.take(state, verdict);
        if (verdict.getRefused().getExpels()) {
            Defence.expelled(state, verdict.getRefused().getId().getWorker());
        }
        if (verdict.hasRoundClosed()) {
            state.setClosingRoundPlusOne(0);
            rules.method()
                    .admissionRule()
                    .quorum()
                    .ifPresent(quorum -> OpenRound.opened(state, quorum, nowMs));
        }
        if (verdict.getAdmitted().getWorkerLoss() > 0) {
            state.setLastWorkerLoss(verdict.getAdmitted().getWorkerLoss());
        }
        if (verdict.getAdmitted().getWork() > 0) {
            state.setMeanWork(
                    MergeWeight.meanWork(state.getMeanWork(), verdict.getAdmitted().getWork()));
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

    private static void onLogged(AdmissionState.Builder state, UpdateId id) {
        UpdateId newest = state.getLog().getDecidedMap().get(id.getWorker());
        if (newest != null) {
            Uncommitted.dropUpTo(state, newest);
        }
        PendingUpdate pending = state.getPendingMap().get(id.getWorker());
        if (pending != null && VerdictLog.isDecided(state.getLog(), pending.getId())) {
            state.removePending(id.getWorker());
        } else if (pending != null && pending.getId().equals(id)) {
            // The log did not take it, for instance since its round was closed before: to be
            // decided anew.
            state.putPending(id.getWorker(), pending.toBuilder().setDecided(false).build());
        }
    }

    /**
     * The nearest deadline still ahead; one that has passed was acted upon or waits for an event.
     */
    private long wake(AdmissionState state, long nowMs) {
        if (state.getEndDecided()) {
            return Long.MAX_VALUE;
        }
        LongStream.Builder deadlines =
                LongStream.builder()
                        .add(rules.stopping().deadlineMs(state))
                        .add(rules.starts(nowMs).nextDueMs(state))
                        .add(state.getSettlesMs());
        rules.method()
                .admissionRule()
                .quorum()
                .ifPresent(quorum -> deadlines.add(OpenRound.dueMs(state, quorum)));
        if (rules.method().scoresUpdates() && state.getUnscoredSinceMs() > 0) {
            deadlines.add(state.getUnscoredSinceMs() + rules.scoreDeadlineMs());
        }
        for (PendingUpdate pending : state.getPendingMap().values()) {
            if (rules.pendingUpdates().isReady(pending)) {
                deadlines.add(rules.pendingUpdates().mendableUntilMs(pending));
            }
            if (pending.getReadyMs() > 0) {
                deadlines.add(pending.getReadyMs() + rules.scoreDeadlineMs());
            } else if (!rules.pendingUpdates().isReady(pending)) {
                deadlines.add(pending.getProgressMs() + rules.pushDeadlineMs());
            }
        }
        for (PendingUpdate update : state.getUncommittedMap().values()) {
            deadlines.add(update.getProgressMs() + rules.pushDeadlineMs());
        }
        return deadlines.build().filter(due -> due > nowMs).min().orElse(Long.MAX_VALUE);
    }
}
