package org.hermesml.core.gate;

import org.hermesml.core.message.PushState;
import org.hermesml.core.method.PushRule;

/** Pushes after every iteration. It keeps nothing. */
public final class AlwaysPush implements PushRule {
    private final boolean measuresLoss;

    /** Needs no measure of the model. */
    public AlwaysPush() {
        this(false);
    }

    /**
     * @param measuresLoss whether the server weighs updates by their held-out loss
     */
    public AlwaysPush(boolean measuresLoss) {
        this.measuresLoss = measuresLoss;
    }

    @Override
    public PushState start() {
        return PushState.getDefaultInstance();
    }

    @Override
    public PushStep observe(PushState state, Observation seen) {
        return PushStep.of(state, Wish.PUSH);
    }

    @Override
    public PushState pulled(PushState state, int iterations) {
        return state;
    }

    @Override
    public boolean usesHeldOutLoss() {
        return measuresLoss;
    }
}
