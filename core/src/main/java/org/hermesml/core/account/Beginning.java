package org.hermesml.core.account;

import java.util.Optional;
import org.hermesml.core.message.PushState;
import org.hermesml.core.message.Restored;
import org.hermesml.core.method.PushRule;
import org.hermesml.core.state.WorkerSnapshot;

/**
 * What a life of a worker begins with, and what the next one can: who saved what the server has too
 * goes on from there, anybody else as the server says. Pure.
 *
 * @param push state of its push rule
 * @param iterationsBefore finished over its earlier lives, as far as that is known here
 * @param restores whether it takes over what was saved of the model
 * @param pulls whether it pulls before it iterates
 */
public record Beginning(PushState push, long iterationsBefore, boolean restores, boolean pulls) {
    /**
     * @param told what the server says its push rule begins with; empty: nothing is known there of
     *     an earlier life
     * @param saved by an earlier life; empty: nothing
     */
    public static Beginning of(
            PushRule rule, Optional<PushState> told, Optional<WorkerSnapshot> saved) {
        boolean restores = told.isPresent() && told.equals(saved.map(WorkerSnapshot::getPush));
        return new Beginning(
                told.orElseGet(rule::start),
                saved.map(WorkerSnapshot::getIterations).orElse(0L),
                restores,
                !restores || saved.get().getRestored().getPulls());
    }

    /**
     * Iterations finished over all lives; seeds draws.
     *
     * @param clock of this life
     */
    public long iterations(long clock) {
        return iterationsBefore + clock;
    }

    /**
     * What a later life can begin with, all but the weights and whose it is.
     *
     * @param clock iterations finished in this life
     * @param pulls whether it pulls first, since the last of them was pushed
     */
    public WorkerSnapshot snapshot(
            long incarnation, long clock, boolean pulls, long baseVersion, PushState push) {
        return WorkerSnapshot.newBuilder()
                .setRestored(
                        Restored.newBuilder()
                                .setIncarnation(incarnation)
                                .setClock(clock)
                                .setPulls(pulls))
                .setBaseVersion(baseVersion)
                .setPush(push)
                .setIterations(iterations(clock))
                .build();
    }
}
