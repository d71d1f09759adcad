package org.hermesml.core.method;

import org.hermesml.core.message.PushState;

/**
 * When a worker pushes: asked after each of its iterations. A pure function of its state; the
 * worker keeps that state, the server mirrors it.
 */
public interface PushRule {
    /** State of a worker that has just started. */
    PushState start();

    /** Takes in the held-out loss that the newest iteration reached. */
    PushStep observe(PushState state, double heldOutLoss);

    /** After any pull: what was known of the replaced model is forgotten. */
    PushState pulled(PushState state);

    /**
     * @param next state after the decision
     * @param z z-score of the loss; NaN where it is undefined or the rule uses none
     * @param threshold in force at this decision; NaN where the rule uses none
     */
    record PushStep(PushState next, boolean push, double z, double threshold) {}
}
