package org.hermesml.core.gate;

import org.hermesml.core.message.PushState;
import org.hermesml.core.method.PushRule;

/** Pushes after every iteration. It keeps nothing and needs no measure of the model. */
public final class AlwaysPush implements PushRule {
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
}
