package org.hermesml.core.gate;

import org.hermesml.core.message.PushState;
import org.hermesml.core.method.PushRule;

/** Pushes when the local model has the accuracy that ends the run. It keeps nothing. */
public final class TargetReached implements PushRule {
    private final double targetAccuracy;

    /**
     * @param targetAccuracy held-out accuracy, a fraction
     */
    public TargetReached(double targetAccuracy) {
        this.targetAccuracy = targetAccuracy;
    }

    @Override
    public PushState start() {
        return PushState.getDefaultInstance();
    }

    @Override
    public PushStep observe(PushState state, Observation seen) {
        boolean reached = seen.heldOutAccuracy() >= targetAccuracy;
        return PushStep.of(state, reached ? Wish.PUSH : Wish.STAY);
    }

    @Override
    public PushState pulled(PushState state, int iterations) {
        return state;
    }

    @Override
    public boolean usesHeldOutLoss() {
        return true;
    }
}
