package org.hermesml.cli.soak;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** How a quantity went on over time; only what was noted after the warm-up counts. One thread. */
final class Trend {
    /**
     * Growth over the measured time, as a fraction of the middle value, that is still called flat.
     */
    static final double FLAT = 0.1;

    private static final int PARTS = 10;

    private final List<double[]> points = new ArrayList<>();

    void note(double seconds, double value) {
        points.add(new double[] {seconds, value});
    }

    boolean isEmpty() {
        return points.isEmpty();
    }

    double first() {
        return points.get(0)[1];
    }

    double last() {
        return points.get(points.size() - 1)[1];
    }

    double largest() {
        return points.stream().mapToDouble(point -> point[1]).max().orElse(Double.NaN);
    }

    /**
     * Growth from the first point to the last, as a fraction of the middle value: by the middle of
     * the slopes between all pairs of lows (Theil 1950, Sen 1968), of which each tenth of the time
     * has one. What leaks raises the lows too; what is filled and emptied in turn does not, however
     * uneven its peaks. 0 with fewer than two points.
     */
    double growth() {
        List<double[]> lows = lows();
        List<Double> slopes = new ArrayList<>();
        for (int i = 0; i < lows.size(); i++) {
            for (int j = i + 1; j < lows.size(); j++) {
                double seconds = lows.get(j)[0] - lows.get(i)[0];
                if (seconds > 0) {
                    slopes.add((lows.get(j)[1] - lows.get(i)[1]) / seconds);
                }
            }
        }
        if (slopes.isEmpty()) {
            return 0;
        }
        double middle = middle(points.stream().map(point -> point[1]).toList());
        return middle == 0 ? 0 : middle(slopes) * span() / middle;
    }

    /** The lowest point of each tenth of the time that has any. */
    private List<double[]> lows() {
        double[][] lows = new double[PARTS][];
        for (double[] point : points) {
            int part = (int) (PARTS * (point[0] - points.get(0)[0]) / span());
            int at = Math.min(part, PARTS - 1);
            if (lows[at] == null || point[1] < lows[at][1]) {
                lows[at] = point;
            }
        }
        return Arrays.stream(lows).filter(Objects::nonNull).toList();
    }

    private double span() {
        return points.get(points.size() - 1)[0] - points.get(0)[0];
    }

    boolean isFlat() {
        return growth() <= FLAT;
    }

    private static double middle(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int half = sorted.size() / 2;
        return sorted.size() % 2 == 1
                ? sorted.get(half)
                : (sorted.get(half - 1) + sorted.get(half)) / 2;
    }
}
