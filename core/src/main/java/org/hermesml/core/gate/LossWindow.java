package org.hermesml.core.gate;

import java.util.List;

/** Statistics of a window of losses, newest last. */
final class LossWindow {
    private static final int LANES = 8;

    /**
     * How many population standard deviations the newest loss lies above the mean of all.
     *
     * @param leastSpread fraction of the mean at or below which the deviation counts as 0
     * @return NaN with fewer than two losses, or with no deviation
     */
    static double zScore(List<Double> losses, double leastSpread) {
        int n = losses.size();
        if (n < 2) {
            return Double.NaN;
        }
        double[] x = losses.stream().mapToDouble(Double::doubleValue).toArray();
        double mean = sum(x) / n;
        double[] squares = new double[n];
        for (int i = 0; i < n; i++) {
            squares[i] = (x[i] - mean) * (x[i] - mean);
        }
        double sigma = Math.sqrt(sum(squares) / n);
        return sigma <= leastSpread * Math.abs(mean) ? Double.NaN : (x[n - 1] - mean) / sigma;
    }

    /**
     * Sum in the order of additions that the numeric library of the released implementation uses:
     * eight lanes side by side, then pairs of lanes, then what is left over. Where losses are
     * equal, the z-score is made of nothing but the rounding of this sum.
     */
    static double sum(double[] x) {
        int whole = x.length < LANES ? 0 : x.length - x.length % LANES;
        double total = 0;
        if (whole > 0) {
            double[] lane = new double[LANES];
            for (int i = 0; i < whole; i++) {
                lane[i % LANES] += x[i];
            }
            total =
                    ((lane[0] + lane[1]) + (lane[2] + lane[3]))
                            + ((lane[4] + lane[5]) + (lane[6] + lane[7]));
        }
        for (int i = whole; i < x.length; i++) {
            total += x[i];
        }
        return total;
    }

    private LossWindow() {}
}
