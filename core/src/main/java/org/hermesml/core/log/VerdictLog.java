package org.hermesml.core.log;

import java.util.List;
import java.util.stream.IntStream;
import org.hermesml.core.check.VerdictCheck;
import org.hermesml.core.message.UpdateId;
import org.hermesml.core.message.Verdict;
import org.hermesml.core.state.NumberedVerdict;
import org.hermesml.core.state.VerdictLogState;

/**
 * Reads the verdict log of one run. The first entry for an update, a round or the end of a run
 * counts; later ones for the same thing change nothing. Neither do entries of a server whose
 * successor has begun its life in the log, or entries that no server can have written. The order of
 * the entries that count numbers the model versions, so every reader of the same log sees the same
 * versions. Pure.
 */
public final class VerdictLog {
    /** The state before the first entry. */
    public static final VerdictLogState EMPTY = VerdictLogState.getDefaultInstance();

    /**
     * @param entry the entry with its number, marked where it is ignored
     */
    public record Step(VerdictLogState state, NumberedVerdict entry) {}

    /** The version that stands after all entries so far; -1 before the initial model. */
    public static long version(VerdictLogState state) {
        return state.getVersionPlusOne() - 1;
    }

    /** Whether the fate of {@code id} is decided, or that of a later update of the same worker. */
    public static boolean isDecided(VerdictLogState state, UpdateId id) {
        UpdateId highest = state.getDecidedMap().get(id.getWorker());
        return highest != null && UpdateIds.AGE.compare(id, highest) <= 0;
    }

    /** Whether the worker of the held update at {@code position} has been told already. */
    public static boolean heldIsSettled(VerdictLogState state, int position) {
        return position < state.getHeldSettledCount() && state.getHeldSettled(position);
    }

    public static Step apply(VerdictLogState state, Verdict verdict) {
        if (state.getEnded() || !VerdictCheck.fault(verdict).isEmpty()) {
            return ignored(state, verdict);
        }
        if (verdict.hasResumed()) {
            long newest = Math.max(state.getLife(), verdict.getLife());
            return ignored(state.toBuilder().setLife(newest).build(), verdict);
        }
        if (verdict.getLife() != state.getLife()) {
            return ignored(state, verdict);
        }
        return switch (verdict.getDecisionCase()) {
            case ADMITTED -> admitted(state, verdict);
            case HELD -> held(state, verdict);
            case REFUSED -> refused(state, verdict);
            case ROUND_CLOSED -> roundClosed(state, verdict);
            case END -> counts(state.toBuilder().setEnded(true), verdict, false, List.of());
            case RELEASED -> counts(state.toBuilder(), verdict, false, List.of());
            case RESUMED, DECISION_NOT_SET -> ignored(state, verdict);
        };
    }

    private static Step admitted(VerdictLogState state, Verdict verdict) {
        UpdateId id = verdict.getAdmitted().getId();
        boolean beforeInitial = state.getVersionPlusOne() == 0 && !UpdateIds.isInitial(id);
        if (isDecided(state, id) || beforeInitial) {
            return ignored(state, verdict);
        }
        VerdictLogState.Builder next = state.toBuilder().putDecided(id.getWorker(), id);
        return counts(next, verdict, true, List.of(id));
    }

    private static Step held(VerdictLogState state, Verdict verdict) {
        UpdateId id = verdict.getHeld().getId();
        if (isDecided(state, id)
                || state.getVersionPlusOne() == 0
                || verdict.getHeld().getRound() != state.getRound()) {
            return ignored(state, verdict);
        }
        boolean settles = verdict.getHeld().getSettles();
        VerdictLogState.Builder next =
                state.toBuilder()
                        .putDecided(id.getWorker(), id)
                        .addHeld(id)
                        .addHeldSettled(settles);
        return counts(next, verdict, false, settles ? List.of(id) : List.of());
    }

    private static Step refused(VerdictLogState state, Verdict verdict) {
        UpdateId id = verdict.getRefused().getId();
        if (isDecided(state, id)) {
            return ignored(state, verdict);
        }
        return counts(
                state.toBuilder().putDecided(id.getWorker(), id), verdict, false, List.of(id));
    }

    private static Step roundClosed(VerdictLogState state, Verdict verdict) {
        if (verdict.getRoundClosed().getRound() != state.getRound() || state.getHeldCount() == 0) {
            return ignored(state, verdict);
        }
        List<UpdateId> settled =
                IntStream.range(0, state.getHeldCount())
                        .filter(i -> !heldIsSettled(state, i))
                        .mapToObj(state::getHeld)
                        .toList();
        VerdictLogState.Builder next =
                state.toBuilder().setRound(state.getRound() + 1).clearHeld().clearHeldSettled();
        return counts(next, verdict, true, settled);
    }

    private static Step counts(
            VerdictLogState.Builder next,
            Verdict verdict,
            boolean newVersion,
            List<UpdateId> settled) {
        long index = next.getEntries();
        next.setEntries(index + 1);
        if (newVersion) {
            next.setVersionPlusOne(next.getVersionPlusOne() + 1);
        }
        NumberedVerdict entry =
                NumberedVerdict.newBuilder()
                        .setVerdict(verdict)
                        .setVersion(next.getVersionPlusOne() - 1)
                        .setNewVersion(newVersion)
                        .setIndex(index)
                        .addAllSettled(settled)
                        .build();
        return new Step(next.build(), entry);
    }

    private static Step ignored(VerdictLogState state, Verdict verdict) {
        NumberedVerdict entry =
                NumberedVerdict.newBuilder()
                        .setVerdict(verdict)
                        .setVersion(version(state))
                        .setIgnored(true)
                        .build();
        return new Step(state, entry);
    }

    private VerdictLog() {}
}
