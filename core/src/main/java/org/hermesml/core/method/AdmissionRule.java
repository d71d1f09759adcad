package org.hermesml.core.method;

import java.util.Optional;
import java.util.OptionalInt;
import org.hermesml.core.message.Released;
import org.hermesml.core.message.RoundClosed;
import org.hermesml.core.message.Verdict;
import org.hermesml.core.state.PendingUpdate;

/**
 * What the server does with an update, and when a round or a wait ends. Pure; everything it may
 * know is in {@link Standing}. A decision is only a proposal: it counts once it is read back from
 * the verdict log.
 */
public interface AdmissionRule {
    /**
     * The decision on {@code update}, which is complete and sound, without run and protocol; empty
     * while something is awaited (a score, an earlier version).
     */
    Optional<Verdict.Builder> decide(PendingUpdate update, Standing standing);

    /**
     * The end of the open round, without its number and the count of its updates; empty while it
     * goes on. Rules without rounds never end one.
     */
    default Optional<RoundClosed.Builder> closeRound(Standing standing) {
        return Optional.empty();
    }

    /**
     * Whether {@code worker}, whose push is decided now, goes on only when it is released. Asked of
     * each push that settles by itself, refused ones included.
     */
    default boolean waits(String worker, Standing standing) {
        return false;
    }

    /** The workers among those that wait which may go on now; empty for none. */
    default Optional<Released.Builder> release(Standing standing) {
        return Optional.empty();
    }

    /** Who has to have answered for a round to end, where not all have to. */
    default Optional<Quorum> quorum() {
        return Optional.empty();
    }

    /** Whether a round ends only when all live workers that take part in it have given theirs. */
    default boolean hasBarrier() {
        return false;
    }

    /**
     * How many clocks a worker that goes on may be ahead of the slowest live one; empty: any
     * number.
     */
    default OptionalInt stalenessBound() {
        return OptionalInt.empty();
    }

    /** Whether it needs the server-side loss of each update itself. */
    default boolean scoresUpdates() {
        return false;
    }
}
