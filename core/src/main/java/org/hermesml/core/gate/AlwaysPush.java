package org.hermesml.core.gate;

import org.hermesml.core.message.PushState;
import org.hermesml.core.method.PushRule;

/** Pushes after every iteration: the push rule of {@code bsp} and {@code asp}. It keeps nothing. */
public final class AlwaysPush implements PushRule {
    @Override
    public PushState start() {
        return PushState.getDefaultInstance();
    }

    @Override
    public PushStep observe(PushState state, double heldOutLoss) {
        return new PushStep(state, true, Double.NaN, Double.NaN);
    }

    @Override
    public PushState pulled(PushState state) {
        return state;
    }
}
