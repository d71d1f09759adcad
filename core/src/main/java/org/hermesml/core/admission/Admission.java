package org.hermesml.core.admission;

import java.util.List;
import org.hermesml.core.log.UpdateIds;
import org.hermesml.core.merge.MergeWeight;
import org.hermesml.core.message.RefusalKind;
import org.hermesml.core.message.RunSpec;
import org.hermesml.core.message.Score;
import org.hermesml.core.message.UpdateId;
import org.hermesml.core.message.Verdict;
import org.hermesml.core.state.AccountedReport;
import org.hermesml.core.state.NumberedVerdict;
import org.hermesml.core.state.PendingUpdate;
import org.hermesml.core.state.RunEvent;

/**
 * Decides on the updates of one run, and when the run ends. The same book, event and time give the
 * same new book and verdicts, and nothing else counts. A verdict is a proposal until it is read
 * back from the log, where the first entry for a thing wins; all that follows from verdicts is
 * taken from what is read back.
 */
public final class Admission {
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
    public record Outcome(List<Verdict> verdicts, List<Forgotten> forgotten, long wakeMs) {}

    /** An update that was given up before anybody committed it. */
    public record Forgotten(UpdateId id, RefusalKind kind, String reason) {}

    private final RunRules rules;

    public Admission(RunSpec spec) {
        this.rules = RunRules.of(spec);
    }

    /** Shards of the run's model, each of which keeps the slices of undecided updates. */
    public int shardCount() {
        return rules.pendingUpdates().shardCount();
    }

    /** Where it throws, {@code book} is spoilt. */
    public Outcome apply(AdmissionBook book, RunEvent event, long nowMs) {
        if (book.log().head().getEnded()) {
            return new Outcome(List.of(), List.of(), Long.MAX_VALUE);
        }
        DecisionPass pass = new DecisionPass(rules, book, nowMs);
        switch (event.getEventCase()) {
            case TICKET -> {
                pass.abandoned().sliceCame(event.getTicket().getId());
                rules.pendingUpdates().addTicket(book, event.getTicket(), nowMs);
            }
            case REPORT -> {
                PendingUpdate before = book.pending().get(event.getReport().getWorker());
                onReport(book, event.getReport(), nowMs);
                pass.refuseReplaced(before);
            }
            case READY -> {
                book.run().setLastProgressMs(nowMs);
                Roster.take(book, event.getReady(), rules.starts(nowMs));
            }
            case MEMBERSHIP -> Roster.take(book, event.getMembership(), rules.starts(nowMs));
            case SCORE -> onScore(book, event.getScore(), nowMs);
            case VERDICT -> onLogEntry(book, event.getVerdict(), nowMs, pass);
            case ALIVE -> book.run().setLastProgressMs(nowMs);
            case RESUMED -> {
                onResumed(book, nowMs);
                pass.markLife(event.getResumed());
            }
            case STOP_REQUESTED -> pass.stopOnRequest();
            default -> {}
        }
        pass.decide();
        return new Outcome(pass.verdicts(), pass.abandoned().forgotten(), wake(book, nowMs));
    }

    private void onReport(AdmissionBook book, AccountedReport report, long nowMs) {
        book.run().setLastProgressMs(nowMs);
        double work = Roster.take(book, report, rules.starts(nowMs));
        if (report.getIteration().getPush()) {
            rules.pendingUpdates().addReport(book, report, work, nowMs);
        }
    }

    private void onScore(AdmissionBook book, Score score, long nowMs) {
        if (score.getSubjectCase() == Score.SubjectCase.UPDATE) {
            if (!rules.method().scoresUpdates() && !rules.defence().audits()) {
                return;
            }
            UpdateId id = score.getUpdate();
            boolean rough = score.getSamples() < rules.heldOutSamples();
            rules.pendingUpdates().addScore(book, id, score.getLoss(), rough, nowMs);
            rules.defence().audited(book.trust(), id, score.getLoss(), rough);
        } else if (Double.isFinite(score.getLoss())) {
            Scores.take(book, score, nowMs);
        }
    }

    /**
     * A new life: the state may be older than the log, so nothing is decided until the log brings
     * back the entry that marks the beginning of this life. What was decided but not read back
     * comes before that entry or never; time in which nobody listened is nobody's delay.
     */
    private static void onResumed(AdmissionBook book, long nowMs) {
        List.copyOf(book.pending().asMap().values())
                .forEach(
                        pending ->
                                book.pending()
                                        .put(
                                                pending.getId().getWorker(),
                                                pending.toBuilder()
                                                        .setDecided(false)
                                                        .setProgressMs(nowMs)
                                                        .setReadyMs(
                                                                pending.getReadyMs() == 0
                                                                        ? 0
                                                                        : nowMs)
                                                        .build()));
        Uncommitted.resume(book, nowMs);
        book.run()
                .setClosingRoundPlusOne(0)
                .setEndDecided(false)
                .setInFlight(0)
                .setQuorumMs(0)
                .setRoundOpenedMs(book.run().getRoundOpenedMs() == 0 ? 0 : nowMs)
                .setLastProgressMs(nowMs);
        if (book.run().getUnscoredSinceMs() > 0) {
            book.run().setUnscoredSinceMs(nowMs);
        }
        if (book.members().size() > 0) {
            book.run().setSettlesMs(nowMs + SETTLING_MS);
        }
        Roster.resume(book, nowMs);
    }

    private void onLogEntry(
            AdmissionBook book, NumberedVerdict entry, long nowMs, DecisionPass pass) {
        Verdict verdict = entry.getVerdict();
        boolean awaitsItsMark = book.log().head().getLife() < book.run().getLife();
        NumberedVerdict read = book.log().read(verdict);
        if (awaitsItsMark && book.log().head().getLife() > book.run().getLife()) {
            // The life before was numbered by a clock that is ahead of this one's.
            pass.markLife(0);
        }
        boolean taken = verdict.hasAdmitted() || verdict.hasHeld();
        if (taken && verdict.getLife() == book.run().getLife()) {
            book.run().setInFlight(Math.max(0, book.run().getInFlight() - 1));
        }
        UpdateIds.of(verdict).ifPresent(id -> onLogged(book, id));
        if (read.getIgnored()) {
            return;
        }
        Roster.take(book, verdict);
        if (verdict.getRefused().getExpels()) {
            book.trust().expel(verdict.getRefused().getId().getWorker());
        }
        if (verdict.hasRoundClosed()) {
            book.run().setClosingRoundPlusOne(0);
            rules.method()
                    .admissionRule()
                    .quorum()
                    .ifPresent(quorum -> OpenRound.opened(book, quorum, nowMs));
        }
        if (verdict.getAdmitted().getWorkerLoss() > 0) {
            book.run().setLastWorkerLoss(verdict.getAdmitted().getWorkerLoss());
        }
        if (verdict.getAdmitted().getWork() > 0) {
            book.run()
                    .setMeanWork(
                            MergeWeight.meanWork(
                                    book.run().getMeanWork(), verdict.getAdmitted().getWork()));
        }
        if (read.getNewVersion()) {
            if (book.run().getStartedMs() == 0) {
                book.run().setStartedMs(nowMs);
            }
            if (book.run().getUnscoredSinceMs() == 0) {
                book.run().setUnscoredSinceMs(nowMs);
            }
            Scores.takeEarly(book, nowMs);
        }
    }

    private static void onLogged(AdmissionBook book, UpdateId id) {
        UpdateId newest = book.log().decided().get(id.getWorker());
        if (newest != null) {
            Uncommitted.dropUpTo(book, newest);
        }
        PendingUpdate pending = book.pending().get(id.getWorker());
        if (pending != null && book.log().isDecided(pending.getId())) {
            book.pending().remove(id.getWorker());
        } else if (pending != null && pending.getId().equals(id)) {
            // The log did not take it, for instance since its round was closed before: to be
            // decided anew.
            book.pending().put(id.getWorker(), pending.toBuilder().setDecided(false).build());
        }
    }

    /**
     * The nearest deadline still ahead; one that has passed was acted upon or waits for an event.
     */
    private long wake(AdmissionBook book, long nowMs) {
        if (book.run().getEndDecided()) {
            return Long.MAX_VALUE;
        }
        Nearest nearest = new Nearest(nowMs);
        nearest.add(rules.stopping().deadlineMs(book));
        nearest.add(rules.starts(nowMs).nextDueMs(book));
        nearest.add(book.run().getSettlesMs());
        rules.method()
                .admissionRule()
                .quorum()
                .ifPresent(quorum -> nearest.add(OpenRound.dueMs(book, quorum)));
        if (rules.method().scoresUpdates() && book.run().getUnscoredSinceMs() > 0) {
            nearest.add(book.run().getUnscoredSinceMs() + rules.scoreDeadlineMs());
        }
        nearest.add(book.agenda(rules).nextDueMs(nowMs));
        return nearest.dueMs();
    }
}
