package org.hermesml.core.admission;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import org.hermesml.core.Protocol;
import org.hermesml.core.check.VerdictCheck;
import org.hermesml.core.log.UpdateIds;
import org.hermesml.core.log.VerdictLog;
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
import org.hermesml.core.state.AdmissionState;
import org.hermesml.core.state.Member;
import org.hermesml.core.state.PendingUpdate;

/**
 * What follows from one event: asks the rules of the method, and writes verdicts. Lives for one
 * call of {@link Admission#apply}.
 */
final class DecisionPass {
    private final RunRules rules;
    private final AdmissionRule method;
    private final AdmissionState.Builder state;
    private final long nowMs;
    private final int uncommittedBefore;
    private final List<Verdict> verdicts = new ArrayList<>();
    private final List<Admission.Forgotten> forgotten = new ArrayList<>();

    DecisionPass(RunRules rules, AdmissionState.Builder state, long nowMs) {
        this.rules = rules;
        this.method = rules.method().admissionRule();
        this.state = state;
        this.nowMs = nowMs;
        this.uncommittedBefore = state.getUncommittedCount();
    }

    /** To append to the log, in this order. */
    List<Verdict> verdicts() {
        return verdicts;
    }

    /** Updates that no verdict will name. */
    List<Admission.Forgotten> forgotten() {
        return forgotten;
    }

    /** One more slice came of what was given up. */
    void forgetAgain(UpdateId id) {
        forgotten.add(
                new Admission.Forgotten(
                        id, RefusalKind.LEFT_INCOMPLETE, "its update was given up before"));
    }

    /** This life of the server decides: it has read the log up to its own beginning. */
    boolean isCaughtUp() {
        return state.getLog().getLife() == state.getLife();
    }

    void markLife(long atLeast) {
        state.setLife(Math.max(atLeast, state.getLog().getLife() + 1));
        write(Verdict.newBuilder().setResumed(Resumed.getDefaultInstance()));
    }

    /** A later update took the place of one that was complete but not decided. */
    void refuseReplaced(AdmissionState before, String worker) {
        PendingUpdate replaced = before.getPendingMap().get(worker);
        if (replaced == null
                || !replaced.hasReport()
                || replaced.getDecided()
                || !isCaughtUp()
                || state.getPendingOrThrow(worker).getId().equals(replaced.getId())) {
            return;
        }
        write(
                refused(
                        replaced.getId(),
                        RefusalKind.BY_METHOD,
                        "a later update of this worker came before it was decided"));
    }

    void stopOnRequest() {
        if (isCaughtUp()) {
            end(Stopping.withBest(EndReason.STOPPED, "asked to stop", state));
        }
    }

    void decide() {
        if (state.getEndDecided() || state.getLog().getEnded() || !isCaughtUp()) {
            return;
        }
        if (state.getLog().getVersionPlusOne() == 0
                && VerdictLog.isDecided(state.getLog(), UpdateIds.INITIAL)) {
            String text = "the initial model was refused: the log of verdicts says why";
            end(Stopping.withBest(EndReason.FAILED, text, state));
            return;
        }
        Uncommitted.due(state, nowMs - rules.pushDeadlineMs()).forEach(this::giveUp);
        if (state.getUncommittedCount() > uncommittedBefore) {
            for (PendingUpdate surplus : Uncommitted.surplus(state)) {
                forget(
                        surplus,
                        RefusalKind.TOO_MANY,
                        "more updates than are kept wait for the reports that belong to them");
            }
        }
        // By name, so that the order does not hang on a map's.
        for (PendingUpdate pending : new TreeMap<>(state.getPendingMap()).values()) {
            if (!pending.getDecided()) {
                decideOne(pending);
            }
        }
        method.quorum().ifPresent(quorum -> OpenRound.look(state, quorum, nowMs));
        Standing standing = standing();
        boolean settled = nowMs >= state.getSettlesMs();
        if (settled && state.getClosingRoundPlusOne() != standing.round() + 1) {
            method.closeRound(standing).ifPresent(closed -> closeRound(closed, standing));
        }
        method.release(standing).ifPresent(this::release);
        rules.stopping().check(state, nowMs).ifPresent(this::end);
    }

    private void decideOne(PendingUpdate pending) {
        Member member =
                state.getMembersOrDefault(pending.getId().getWorker(), Member.getDefaultInstance());
        boolean ready = rules.pendingUpdates().isReady(pending);
        if (pending.getId().getIncarnation() < member.getIncarnation() && !ready) {
            refuse(pending, RefusalKind.EARLIER_LIFE, "a later life of this worker has begun");
        } else if (ready) {
            String fault = rules.pendingUpdates().fault(pending);
            if (rules.defence().isExpelled(state, pending.getId().getWorker())) {
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
            } else if (state.getLog().getVersionPlusOne() > 0) {
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
        if (Roster.live(state, rules.starts(nowMs)).size() < rules.minWorkers()) {
            return;
        }
        Admitted.Builder admitted =
                Admitted.newBuilder()
                        .setId(pending.getId())
                        .setKind(MergeKind.REPLACE)
                        .setCoefficient(1);
        rules.defence().taken(state, pending);
        settle(pending, Verdict.newBuilder().setAdmitted(admitted));
    }

    private void admit(PendingUpdate pending) {
        PendingUpdate update = pending;
        if (update.getReadyMs() == 0) {
            update = update.toBuilder().setReadyMs(nowMs).build();
            state.putPending(update.getId().getWorker(), update);
        }
        double loss = update.getReport().getHeldOutLoss();
        if (rules.usesHeldOutLoss() && (!Double.isFinite(loss) || loss < 0)) {
            refuse(update, RefusalKind.NOT_FINITE, "its reported held-out loss is " + loss);
            return;
        }
        String normFault = rules.defence().normFault(state, update);
        if (!normFault.isEmpty()) {
            refuse(update, RefusalKind.NORM_TOO_LARGE, normFault);
            return;
        }
        if (rules.defence().awaitsScore(state, update)
                && !versionIsLate()
                && nowMs - update.getReadyMs() < rules.scoreDeadlineMs()) {
            return;
        }
        if (rules.defence().isLie(state, update)) {
            refuseLie(update);
            return;
        }
        if (rules.method().scoresUpdates()
                && !update.getScored()
                && nowMs - update.getReadyMs() >= rules.scoreDeadlineMs()) {
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
                    update,
                    RefusalKind.NOT_FINITE,
                    "its held-out loss at the server is " + update.getScore());
            return;
        }
        PendingUpdate taken = update;
        PendingUpdate asked = withLoss(update, countedLoss(update));
        method.decide(asked, standing())
                .ifPresent(
                        decision -> {
                            if (!decision.hasRefused()) {
                                rules.defence().taken(state, taken);
                            }
                            settleIfPossible(taken, decision);
                        });
    }

    /** The loss that an update is weighed by: what is known is better than what is said. */
    private double countedLoss(PendingUpdate update) {
        double claimed = update.getReport().getHeldOutLoss();
        if (rules.defence().measures(update)) {
            return update.getScore();
        }
        return rules.defence().awaitsScore(state, update)
                ? Math.max(
                        Scores.replacement(state.getScores(), claimed),
                        rules.defence().usualClaim(state, update.getId().getWorker()))
                : claimed;
    }

    private static PendingUpdate withLoss(PendingUpdate update, double loss) {
        return update.toBuilder()
                .setReport(update.getReport().toBuilder().setHeldOutLoss(loss))
                .build();
    }

    private void refuseLie(PendingUpdate update) {
        boolean expels = rules.defence().expels(state, update);
        String reason =
                String.format(
                        Locale.ROOT,
                        "it reports a held-out loss of %.4g, and an evaluator measures %.4g%s",
                        update.getReport().getHeldOutLoss(),
                        update.getScore(),
                        expels ? ": its worker is expelled" : "");
        rules.defence().caught(state, update);
        Verdict.Builder decision = refused(update.getId(), RefusalKind.FALSE_LOSS, reason);
        decision.getRefusedBuilder().setExpels(expels);
        settle(update, decision);
    }

    /** A weight that is no number would make the model none. */
    private void settleIfPossible(PendingUpdate update, Verdict.Builder decision) {
        String fault = VerdictCheck.fault(decision.build());
        if (fault.isEmpty()) {
            settle(update, decision);
        } else {
            refuse(update, RefusalKind.NOT_FINITE, "its weight would be none: " + fault);
        }
    }

    private void giveUp(PendingUpdate update) {
        UpdateId id = update.getId();
        if (Uncommitted.isOfEarlierLife(state, update)) {
            forget(update, RefusalKind.EARLIER_LIFE, "a later life of this worker has begun");
        } else if (Uncommitted.isNext(state, id) && !state.containsPending(id.getWorker())) {
            // Its worker may wait for a verdict: it gets the one that any incomplete update gets.
            state.removeUncommitted(UpdateIds.print(id)).putPending(id.getWorker(), update);
        } else if (isOfPresentLife(id)) {
            forget(
                    update,
                    RefusalKind.LEFT_INCOMPLETE,
                    "the report that belongs to it did not come");
        } else {
            forget(
                    update,
                    RefusalKind.UNKNOWN_WORKER,
                    "no worker has said hello under this name and incarnation");
        }
    }

    private void forget(PendingUpdate update, RefusalKind kind, String reason) {
        Uncommitted.forget(state, update.getId());
        boolean faulty = !update.getFault().isEmpty();
        forgotten.add(
                new Admission.Forgotten(
                        update.getId(),
                        faulty ? update.getFaultKind() : kind,
                        faulty ? update.getFault() : reason));
    }

    private void refuse(PendingUpdate pending, RefusalKind kind, String reason) {
        settle(pending, refused(pending.getId(), kind, reason));
    }

    private static Verdict.Builder refused(UpdateId id, RefusalKind kind, String reason) {
        return Verdict.newBuilder()
                .setRefused(Refused.newBuilder().setId(id).setKind(kind).setReason(reason));
    }

    private void settle(PendingUpdate pending, Verdict.Builder decision) {
        UpdateId id = pending.getId();
        if (!decision.hasHeld()
                && !UpdateIds.isInitial(id)
                && isOfPresentLife(id)
                && method.waits(id.getWorker(), standing())) {
            if (decision.hasRefused()) {
                decision.getRefusedBuilder().setWaits(true);
            } else {
                decision.getAdmittedBuilder().setWaits(true);
            }
        }
        if (!decision.hasRefused()) {
            state.setInFlight(state.getInFlight() + 1);
        }
        write(decision);
        state.putPending(id.getWorker(), pending.toBuilder().setDecided(true).build());
    }

    private boolean isOfPresentLife(UpdateId id) {
        Member member = state.getMembersMap().get(id.getWorker());
        return member != null && member.getIncarnation() == id.getIncarnation();
    }

    private void closeRound(RoundClosed.Builder closed, Standing standing) {
        state.setClosingRoundPlusOne(standing.round() + 1);
        closed.setRound(standing.round()).setUpdates(standing.held().size());
        write(Verdict.newBuilder().setRoundClosed(closed));
    }

    private void release(Released.Builder released) {
        Roster.propose(state, released);
        write(Verdict.newBuilder().setReleased(released));
    }

    private void end(RunEnd end) {
        if (!state.getEndDecided()) {
            state.setEndDecided(true);
            write(Verdict.newBuilder().setEnd(end));
        }
    }

    private void write(Verdict.Builder decision) {
        verdicts.add(
                decision.setProtocol(Protocol.VERSION)
                        .setRun(rules.run())
                        .setLife(state.getLife())
                        .build());
    }

    /** The newest version has no score and is past its deadline: evaluators are dead or slow. */
    private boolean versionIsLate() {
        return state.getUnscoredSinceMs() > 0
                && nowMs - state.getUnscoredSinceMs() >= rules.scoreDeadlineMs();
    }

    private Standing standing() {
        boolean late = versionIsLate();
        boolean known = state.getScores().getNewestVersionPlusOne() > 0;
        boolean scored = known && !late;
        return new Standing(
                VerdictLog.version(state.getLog()),
                state.getInFlight(),
                state.getLog().getRound(),
                state.getLog().getHeldList().stream().map(UpdateId::getWorker).toList(),
                Roster.live(state, rules.starts(nowMs)),
                scored
                        ? state.getScores().getNewestLoss()
                        : Scores.replacement(state.getScores(), state.getLastWorkerLoss()),
                scored ? state.getScores().getNewestVersionPlusOne() - 1 : -1,
                state.getMeanWork(),
                state.getUnscoredSinceMs() == 0 || late,
                method.quorum().map(q -> OpenRound.isDue(state, q, nowMs)).orElse(false));
    }
}
