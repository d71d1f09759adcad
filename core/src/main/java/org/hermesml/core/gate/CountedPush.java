package org.hermesml.core.gate;

import org.hermesml.core.message.PushState;
import org.hermesml.core.method.PushRule;

/**
 * Pushes after as many iterations as the server said with the last pull; after one where it said
 * nothing.
 */
public final class CountedPush implements PushRule {
    @Override
    public PushState start() {
        return PushState.getDefaultInstance();
    }

    @Override
    public PushStep observe(PushState state, Observation seen) {
        return state.getDue() > 1
                ? PushStep.of(state.toBuilder().setDue(state.getDue() - 1).build(), Wish.STAY)
                : PushStep.of(state.toBuilder().setDue(0).build(), Wish.PUSH);
    }

    @Override
    public PushState pulled(PushState state, int iterations) {
        return state.toBuilder().setDue(iterations).build();
    }
}
