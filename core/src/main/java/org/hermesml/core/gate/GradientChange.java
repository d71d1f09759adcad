package org.hermesml.core.gate;

import org.hermesml.core.message.PushState;
import org.hermesml.core.method.PushRule;

/**
 * Asks for a synchronisation when the smoothed norm of the gradient has changed by a fraction delta
 * or more since the last iteration, and follows the others else: the push rule of {@code selsync}.
 *
 * <p>The first norm changes from nothing, which is more than any fraction: the first step asks, as
 * the source has it for the phase in which gradients change most. Where both norms are 0 there is
 * no change (and no 0/0). A norm that is no finite number asks for nothing and is not kept.
 */
public final class GradientChange implements PushRule {
    private final double delta;
    private final double smoothing;

    /**
     * @param delta relative change that asks, at least 0; 0 always asks
     * @param smoothing weight of the newest norm in the moving average, above 0 and at most 1
     */
    public GradientChange(double delta, double smoothing) {
        this.delta = delta;
        this.smoothing = smoothing;
    }

    @Override
    public PushState start() {
        return PushState.getDefaultInstance();
    }

    @Override
    public PushStep observe(PushState state, Observation seen) {
        double norm = seen.updateNorm();
        if (!Double.isFinite(norm)) {
            return PushStep.of(state, Wish.FOLLOW);
        }
        double last = state.getNorm();
        double smoothed = last == 0 ? norm : last + smoothing * (norm - last);
        double change = change(last, smoothed);
        Wish wish = change >= delta ? Wish.ASK : Wish.FOLLOW;
        return new PushStep(state.toBuilder().setNorm(smoothed).build(), wish, change, delta);
    }

    private static double change(double last, double next) {
        if (next == last) {
            return 0;
        }
        return last == 0 ? Double.POSITIVE_INFINITY : Math.abs(next - last) / last;
    }

    /** Gradients of the mean model are about those of its parts: what is known of them is kept. */
    @Override
    public PushState pulled(PushState state, int iterations) {
        return state;
    }

    @Override
    public boolean asksServer() {
        return true;
    }

    @Override
    public boolean usesUpdateNorm() {
        return true;
    }
}
