package org.hermesml.core.log;

import org.hermesml.core.message.UpdateId;
import org.hermesml.core.message.Verdict;
import org.hermesml.core.state.NumberedVerdict;
import org.hermesml.core.state.VerdictLogState;

/**
 * Reads the verdict log of one run. The first entry for an update, a round or the end of a run
 * counts; later ones for the same thing change nothing. Neither do entries of a server whose
 * successor has begun its life in the log, or entries that no server can have written. The order of
 * the entries that count numbers the model versions, so every reader of the same log sees the same
 * versions. Pure; who reads on and on takes a {@link LogBook}.
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
        LogBook book = new LogBook(state);
        NumberedVerdict entry = book.read(verdict);
        return new Step(book.state(), entry);
    }

    private VerdictLog() {}
}
