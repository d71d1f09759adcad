package org.hermesml.core.allocation;

import java.util.Arrays;
import java.util.List;
import org.hermesml.core.state.StepTime;

/**
 * What one mini-batch step costs a device: {@code k0 + k1 * b} seconds. The paper takes the cost as
 * constant whatever b is; so does this until two sizes of mini-batch have been seen. From then on
 * the shape is a least-squares fit, never negative, and its level that of the newest times.
 *
 * @param k0 seconds of a step, whatever its size
 * @param k1 further seconds for each sample of the mini-batch
 */
public record StepCost(double k0, double k1) {
    /**
     * The level is the median of so many newest times, so that one hiccup of a device moves
     * nothing.
     */
    private static final int LEVEL_TIMES = 5;

    /**
     * @param times at least one, newest last
     */
    public static StepCost of(List<StepTime> times) {
        StepCost shape = shape(times);
        double[] levels =
                times.subList(Math.max(0, times.size() - LEVEL_TIMES), times.size()).stream()
                        .mapToDouble(t -> stepSeconds(t) / shape.stepSeconds(t.getMiniBatch()))
                        .toArray();
        double level = Quartiles.of(levels).median();
        return new StepCost(shape.k0 * level, shape.k1 * level);
    }

    /** Seconds of one step of {@code b} samples. */
    public double stepSeconds(int b) {
        return k0 + k1 * b;
    }

    /** Seconds of one iteration: E passes over n samples in mini-batches of b. */
    public double iterationSeconds(int epochs, double n, int b) {
        return epochs * (n / b) * stepSeconds(b);
    }

    private static double stepSeconds(StepTime t) {
        return t.getSeconds() / (t.getEpochs() * ((double) t.getSamples() / t.getMiniBatch()));
    }

    private static StepCost shape(List<StepTime> times) {
        double[] b = times.stream().mapToDouble(StepTime::getMiniBatch).toArray();
        double[] s = times.stream().mapToDouble(StepCost::stepSeconds).toArray();
        double meanB = Arrays.stream(b).average().orElseThrow();
        double meanS = Arrays.stream(s).average().orElseThrow();
        double spread = 0;
        double slope = 0;
        double square = 0;
        double product = 0;
        for (int i = 0; i < b.length; i++) {
            spread += (b[i] - meanB) * (b[i] - meanB);
            slope += (b[i] - meanB) * (s[i] - meanS);
            square += b[i] * b[i];
            product += b[i] * s[i];
        }
        if (spread == 0 || slope <= 0) {
            return new StepCost(meanS, 0);
        }
        double k1 = slope / spread;
        double k0 = meanS - k1 * meanB;
        return k0 >= 0 ? new StepCost(k0, k1) : new StepCost(0, product / square);
    }
}
