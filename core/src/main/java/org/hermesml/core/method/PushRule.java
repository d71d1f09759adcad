package org.hermesml.core.method;

import org.hermesml.core.message.IterationReport;
import org.hermesml.core.message.PushState;

/**
 * When a worker pushes: asked after each of its iterations. A pure function of its state; the
 * worker keeps that state, the server mirrors it.
 */
public interface PushRule {
    /** What a worker does after an iteration. */
    enum Wish {
        /** Goes on with the next iteration. */
        STAY,
        /** Pushes, and waits for the outcome. */
        PUSH,
        /** Asks the server for a synchronisation, and waits for its answer. */
        ASK,
        /** Wants none itself, but waits for what the others want. */
        FOLLOW;

        /** Whether the server says if the worker pushes. */
        public boolean waitsForRelease() {
            return this == ASK || this == FOLLOW;
        }
    }

    /** State of a worker that has just started. */
    PushState start();

    /**
     * State of a worker that comes back without its model: what was known of that is forgotten, and
     * the rest of {@code last} given back.
     */
    default PushState returned(PushState last) {
        return start();
    }

    /** Takes in what the newest iteration reached. */
    PushStep observe(PushState state, Observation seen);

    /**
     * After any pull: what was known of the replaced model is forgotten, unless the rule compares
     * across models.
     *
     * @param iterations until the next push, as told by the server; 0: not told
     */
    PushState pulled(PushState state, int iterations);

    /** Whether a worker measures its held-out loss after each iteration. */
    default boolean usesHeldOutLoss() {
        return false;
    }

    /**
     * Whether a worker has to ask the server: its wishes are {@code ASK} and {@code FOLLOW} only.
     */
    default boolean asksServer() {
        return false;
    }

    /** Whether a worker measures the norm of its update after each iteration. */
    default boolean usesUpdateNorm() {
        return false;
    }

    /**
     * What a rule may know of an iteration.
     *
     * @param heldOutLoss NaN where not measured
     * @param heldOutAccuracy NaN where not measured
     * @param updateNorm norm of the sum of the iteration's mini-batch gradients; 0 where not
     *     measured
     */
    record Observation(double heldOutLoss, double heldOutAccuracy, double updateNorm) {
        public static Observation ofLoss(double heldOutLoss) {
            return new Observation(heldOutLoss, Double.NaN, 0);
        }

        public static Observation of(IterationReport report) {
            return new Observation(
                    report.getHeldOutLoss(), report.getHeldOutAccuracy(), report.getUpdateNorm());
        }
    }

    /**
     * @param next state after the decision
     * @param z z-score of the loss; NaN where it is undefined or the rule uses none
     * @param threshold in force at this decision; NaN where the rule uses none
     */
    record PushStep(PushState next, Wish wish, double z, double threshold) {
        /** Of a rule without thresholds. */
        public static PushStep of(PushState next, Wish wish) {
            return new PushStep(next, wish, Double.NaN, Double.NaN);
        }

        public boolean push() {
            return wish == Wish.PUSH;
        }

        /** Whether the server may see a push after this step. */
        public boolean mayPush() {
            return wish != Wish.STAY;
        }
    }
}
