package org.hermesml.core.admission;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.hermesml.core.Protocol;
import org.hermesml.core.check.VerdictCheck;
import org.hermesml.core.log.UpdateIds;
import org.hermesml.core.message.Admitted;
import org.hermesml.core.message.EndReason;
import org.hermesml.core.message.MergeKind;
import org.hermesml.core.message.RefusalKind;
import org.hermesml.core.message.Refused;
import org.hermesml.core.message.Released;
import org.hermesml.core.message.Resumed;
import org.hermesml.core.message.RoundClosed;
import org.hermesml.core.message.RunEnd;
import org.hermesml.core.message.UpdateId;
import org.hermesml.core.message.Verdict;
import org.hermesml.core.method.AdmissionRule;
import org.hermesml.core.method.Standing;
import org.hermesml.core.state.PendingUpdate;

/**
 * What follows from one event: asks the rules of the method, and writes verdicts. Lives for one
 * call of {@link Admission#apply}.
 */
final class DecisionPass {
    private final RunRules rules;
    private final AdmissionRule method;
    private final AdmissionBook book;
    private final long nowMs;
    private final Trial trial;
    private final Abandoned abandoned;
    private final List<Verdict> verdicts = new ArrayList<>();

    DecisionPass(RunRules rules, AdmissionBook book, long nowMs) {
        this.rules = rules;
        this.method = rules.method().admissionRule();
        this.book = book;
        this.nowMs = nowMs;
        this.trial = new Trial(rules, book, nowMs);
        this.abandoned = new Abandoned(book);
    }

    /** To append to the log, in this order. */
    List<Verdict> verdicts() {
        return verdicts;
    }

    /** Updates that no verdict will name. */
    Abandoned abandoned() {
        return abandoned;
    }

    /** This life of the server decides: it has read the log up to its own beginning. */
    boolean isCaughtUp() {
        return book.log().head().getLife() == book.run().getLife();
    }

    void markLife(long atLeast) {
        book.run().setLife(Math.max(atLeast, book.log().head().getLife() + 1));
        write(Verdict.newBuilder().setResumed(Resumed.getDefaultInstance()));
    }

    /**
     * A later update took the place of one that was complete but not decided.
     *
     * @param before what was in the place before the event; null for nothing
     */
    void refuseReplaced(PendingUpdate before) {
        if (before == null || !before.hasReport() || before.getDecided() || !isCaughtUp()) {
            return;
        }
        if (!book.pending().get(before.getId().getWorker()).getId().equals(before.getId())) {
            String reason = "a later update of this worker came before it was decided";
            write(
                    Verdict.newBuilder()
                            .setRefused(Trial.refused(before, RefusalKind.BY_METHOD, reason)));
        }
    }

    void stopOnRequest() {
        if (isCaughtUp()) {
            end(Stopping.withBest(EndReason.STOPPED, "asked to stop", book));
        }
    }

    void decide() {
        if (book.run().getEndDecided() || book.log().head().getEnded() || !isCaughtUp()) {
            return;
        }
        if (book.log().head().getVersionPlusOne() == 0 && book.log().isDecided(UpdateIds.INITIAL)) {
            String text = "the initial model was refused: the log of verdicts says why";
            end(Stopping.withBest(EndReason.FAILED, text, book));
            return;
        }
        abandoned.look(nowMs - rules.pushDeadlineMs());
        book.agenda(rules).toLookAt(trial, nowMs).forEach(this::decideOne);
        method.quorum().ifPresent(quorum -> OpenRound.look(book, quorum, nowMs));
        Standing standing = standing();
        boolean settled = nowMs >= book.run().getSettlesMs();
        if (settled && book.run().getClosingRoundPlusOne() != standing.round() + 1) {
            method.closeRound(standing).ifPresent(closed -> closeRound(closed, standing));
        }
        method.release(standing).ifPresent(this::release);
        rules.stopping().check(book, nowMs).ifPresent(this::end);
    }

    private void decideOne(PendingUpdate pending) {
        boolean ready = rules.pendingUpdates().isReady(pending);
        if (Uncommitted.isOfEarlierLife(book, pending) && !ready) {
            refuse(pending, RefusalKind.EARLIER_LIFE, "a later life of this worker has begun");
        } else if (ready) {
            String fault = rules.pendingUpdates().fault(pending);
            if (rules.defence().isExpelled(book.trust(), pending.getId().getWorker())) {
                refuse(
                        pending,
                        RefusalKind.EXPELLED,
                        "its worker was expelled for reporting false losses");
            } else if (!fault.isEmpty()) {
                if (rules.pendingUpdates().mendableUntilMs(pending) <= nowMs) {
                    refuse(pending, pending.getFaultKind(), fault);
                }
            } else if (UpdateIds.isInitial(pending.getId())) {
                admitInitial(pending);
            } else if (book.log().head().getVersionPlusOne() > 0) {
                admit(pending);
            }
        } else if (nowMs - pending.getProgressMs() >= rules.pushDeadlineMs()) {
            refuse(
                    pending,
                    RefusalKind.LEFT_INCOMPLETE,
                    String.format(
                            Locale.ROOT,
                            "incomplete %d s after its last slice: %d of %d slices%s",
                            rules.pushDeadlineMs() / 1000,
                            pending.getGoodSlicesCount(),
                            pending.getSliceCount(),
                            pending.hasReport() ? "" : ", no report"));
        }
    }

    private void admitInitial(PendingUpdate pending) {
        if (LiveWorkers.of(book, rules.starts(nowMs)).size() < rules.minWorkers()) {
            return;
        }
        Admitted.Builder admitted =
                Admitted.newBuilder()
                        .setId(pending.getId())
                        .setKind(MergeKind.REPLACE)
                        .setCoefficient(1);
        rules.defence().taken(book.trust(), pending);
        settle(pending, Verdict.newBuilder().setAdmitted(admitted));
    }

    private void admit(PendingUpdate pending) {
        PendingUpdate update = trial.begun(pending);
        if (!update.equals(pending)) {
            book.pending().put(update.getId().getWorker(), update);
        }
        PendingUpdate taken = trial.withStandIn(update);
        Optional<Refused.Builder> refusal = trial.refusal(taken);
        if (refusal.isPresent()) {
            if (refusal.get().getKind() == RefusalKind.FALSE_LOSS) {
                rules.defence().caught(book.trust(), taken);
            }
            settle(taken, Verdict.newBuilder().setRefused(refusal.get()));
        } else if (!trial.awaitsScore(taken)) {
            method.decide(trial.withCountedLoss(taken), standing())
                    .ifPresent(decision -> settleIfPossible(taken, decision));
        }
    }

    /** A weight that is no number would make the model none. */
    private void settleIfPossible(PendingUpdate update, Verdict.Builder decision) {
        String fault = VerdictCheck.fault(decision.build());
        if (fault.isEmpty()) {
            if (!decision.hasRefused()) {
                rules.defence().taken(book.trust(), update);
            }
            settle(update, decision);
        } else {
            refuse(update, RefusalKind.NOT_FINITE, "its weight would be none: " + fault);
        }
    }

    private void refuse(PendingUpdate pending, RefusalKind kind, String reason) {
        settle(pending, Verdict.newBuilder().setRefused(Trial.refused(pending, kind, reason)));
    }

    private void settle(PendingUpdate pending, Verdict.Builder decision) {
        UpdateId id = pending.getId();
        if (!decision.hasHeld()
                && !UpdateIds.isInitial(id)
                && Roster.isOfPresentLife(book, id)
                && method.waits(id.getWorker(), standing())) {
            if (decision.hasRefused()) {
                decision.getRefusedBuilder().setWaits(true);
            } else {
                decision.getAdmittedBuilder().setWaits(true);
            }
        }
        if (!decision.hasRefused()) {
            book.run().setInFlight(book.run().getInFlight() + 1);
        }
        write(decision);
        PendingUpdate.Builder settled = pending.toBuilder().setDecided(true);
        if (decision.hasRefused()) {
            // Should the log not take it, it is to be looked at as if it had come just now.
            settled.setReadyMs(0);
        }
        book.pending().put(id.getWorker(), settled.build());
    }

    private void closeRound(RoundClosed.Builder closed, Standing standing) {
        book.run().setClosingRoundPlusOne(standing.round() + 1);
        closed.setRound(standing.round()).setUpdates(standing.held().size());
        write(Verdict.newBuilder().setRoundClosed(closed));
    }

    private void release(Released.Builder released) {
        Roster.propose(book, released);
        write(Verdict.newBuilder().setReleased(released));
    }

    private void end(RunEnd end) {
        if (!book.run().getEndDecided()) {
            book.run().setEndDecided(true);
            write(Verdict.newBuilder().setEnd(end));
        }
    }

    private void write(Verdict.Builder decision) {
        verdicts.add(
                decision.setProtocol(Protocol.VERSION)
                        .setRun(rules.run())
                        .setLife(book.run().getLife())
                        .build());
    }

    private Standing standing() {
        boolean late = trial.versionIsLate();
        boolean known = book.run().getScores().getNewestVersionPlusOne() > 0;
        boolean scored = known && !late;
        return new Standing(
                book.log().version(),
                book.run().getInFlight(),
                book.log().head().getRound(),
                book.log().head().getHeldList().stream().map(UpdateId::getWorker).toList(),
                LiveWorkers.of(book, rules.starts(nowMs)),
                scored
                        ? book.run().getScores().getNewestLoss()
                        : Scores.replacement(
                                book.run().getScores(), book.run().getLastWorkerLoss()),
                scored ? book.run().getScores().getNewestVersionPlusOne() - 1 : -1,
                book.run().getMeanWork(),
                book.run().getUnscoredSinceMs() == 0 || late,
                method.quorum().map(q -> OpenRound.isDue(book, q, nowMs)).orElse(false));
    }
}
