package org.hermesml.core.method;

import org.hermesml.core.message.RoundClosed;

/** Rounds to which each live worker gives its weights, and whose mean becomes the model. */
final class Rounds {
    /** Every live worker's update is in. */
    static boolean isComplete(Standing standing) {
        return !standing.held().isEmpty()
                && standing.heldWorkers().containsAll(standing.liveWorkers());
    }

    static RoundClosed.Builder mean(double momentum) {
        return RoundClosed.newBuilder().setMomentum(momentum);
    }

    private Rounds() {}
}
