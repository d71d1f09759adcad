package org.hermesml.core.method;

import java.util.Optional;
import org.hermesml.core.message.RoundClosed;

/** Rounds to which each live worker gives its weights, and whose mean becomes the model. */
final class Rounds {
    /** Every live worker's update is in. */
    private static boolean isComplete(Standing standing) {
        return !standing.held().isEmpty()
                && standing.heldWorkers().containsAll(standing.liveWorkers());
    }

    /** Ends a complete round. */
    static Optional<RoundClosed.Builder> close(Standing standing, double momentum) {
        return isComplete(standing) ? Optional.of(mean(momentum)) : Optional.empty();
    }

    static RoundClosed.Builder mean(double momentum) {
        return RoundClosed.newBuilder().setMomentum(momentum);
    }

    private Rounds() {}
}
