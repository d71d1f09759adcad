package org.hermesml.core.gate;

import java.util.ArrayList;
import java.util.List;
import org.hermesml.core.message.PushState;
import org.hermesml.core.method.PushRule;
import org.hermesml.core.settings.Settings;

/**
 * The gate of Hermes (arXiv 2410.20495): a worker pushes when its newest held-out loss lies
 * significantly below those before it, that is when the z-score of the loss within its window is at
 * or below a threshold. A worker that waits too long has its threshold decay towards 0. In the
 * paper the window is empty after a push; here it may go on, so that the first loss on a new model
 * is compared with those on the models before it.
 *
 * <p>With n losses in the window no z-score lies below -sqrt(n - 1), so a threshold of -1.3 cannot
 * be met before the third loss of a window. A loss that is no finite number is never pushed and
 * never enters the window.
 *
 * <p>Immutable; safe for any number of threads.
 */
public final class Gate implements PushRule {
    /** Below this fraction of the mean, a deviation is rounding of equal losses and no spread. */
    private static final double ROUNDING = 1e-14;

    private final double alpha;
    private final double beta;
    private final int lambda;
    private final int windowSize;
    private final boolean thresholdReset;
    private final boolean windowReset;
    private final double leastSpread;

    /**
     * @param alpha threshold at the start, at most 0
     * @param beta decay, 0 to 1
     * @param lambda iterations without a push from which on the threshold decays, at least 1
     * @param windowSize most losses in the window, at least 2
     * @param thresholdReset whether the threshold returns to alpha at each push
     * @param windowReset whether each push and each pull empties the window
     */
    public Gate(
            double alpha,
            double beta,
            int lambda,
            int windowSize,
            boolean thresholdReset,
            boolean windowReset) {
        this(alpha, beta, lambda, windowSize, thresholdReset, windowReset, ROUNDING);
    }

    private Gate(
            double alpha,
            double beta,
            int lambda,
            int windowSize,
            boolean thresholdReset,
            boolean windowReset,
            double leastSpread) {
        this.alpha = alpha;
        this.beta = beta;
        this.lambda = lambda;
        this.windowSize = windowSize;
        this.thresholdReset = thresholdReset;
        this.windowReset = windowReset;
        this.leastSpread = leastSpread;
    }

    /**
     * The gate as released: the threshold is never set back, and the rounding of the mean of equal
     * losses counts as spread.
     */
    static Gate official(double alpha, double beta, int lambda, int windowSize) {
        return new Gate(alpha, beta, lambda, windowSize, false, true, 0);
    }

    /** The gate as released, whatever threshold reset is set. */
    public static Gate official(Settings settings) {
        return official(
                settings.get(Settings.ALPHA),
                settings.get(Settings.BETA),
                settings.get(Settings.LAMBDA),
                settings.get(Settings.WINDOW_SIZE));
    }

    /** The gate that is set. */
    public static Gate of(Settings settings) {
        return new Gate(
                settings.get(Settings.ALPHA),
                settings.get(Settings.BETA),
                settings.get(Settings.LAMBDA),
                settings.get(Settings.WINDOW_SIZE),
                settings.get(Settings.THRESHOLD_RESET),
                settings.get(Settings.WINDOW_RESET));
    }

    @Override
    public PushState start() {
        return PushState.newBuilder().setThreshold(alpha).build();
    }

    @Override
    public PushState returned(PushState last) {
        return last.toBuilder().clearLosses().build();
    }

    @Override
    public PushStep observe(PushState state, Observation seen) {
        double heldOutLoss = seen.heldOutLoss();
        double threshold = state.getThreshold();
        if (!Double.isFinite(heldOutLoss)) {
            return stay(state, state.getLossesList(), Double.NaN);
        }
        List<Double> window = new ArrayList<>(state.getLossesList());
        while (window.size() >= windowSize) {
            window.remove(0);
        }
        window.add(heldOutLoss);
        double z = LossWindow.zScore(window, leastSpread);
        if (z <= threshold) {
            PushState.Builder next =
                    PushState.newBuilder().setThreshold(thresholdReset ? alpha : threshold);
            if (!windowReset) {
                next.addAllLosses(window);
            }
            return new PushStep(next.build(), Wish.PUSH, z, threshold);
        }
        return stay(state, window, z);
    }

    private PushStep stay(PushState state, List<Double> window, double z) {
        double threshold = state.getThreshold();
        int rounds = state.getRoundsSincePush() + 1;
        // Adding 0.0 turns the -0.0 of a full decay into 0.0, which people read.
        double next = rounds >= lambda ? Math.min(0, threshold * (1 - beta)) + 0.0 : threshold;
        return new PushStep(
                PushState.newBuilder()
                        .addAllLosses(window)
                        .setThreshold(next)
                        .setRoundsSincePush(rounds)
                        .build(),
                Wish.STAY,
                z,
                threshold);
    }

    @Override
    public PushState pulled(PushState state, int iterations) {
        return windowReset ? state.toBuilder().clearLosses().build() : state;
    }

    @Override
    public boolean usesHeldOutLoss() {
        return true;
    }
}
