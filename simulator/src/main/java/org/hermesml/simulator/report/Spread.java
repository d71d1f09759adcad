package org.hermesml.simulator.report;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** Median and range of one figure over the seeds; infinite where a run never got there. */
record Spread(double min, double median, double max) {
    /**
     * @param of at least one
     */
    static <T> Spread of(List<T> of, ToDoubleFunction<T> figure) {
        double[] sorted = of.stream().mapToDouble(figure).sorted().toArray();
        int half = sorted.length / 2;
        double median =
                sorted.length % 2 == 1 || sorted[half] == sorted[half - 1]
                        ? sorted[half]
                        : (sorted[half - 1] + sorted[half]) / 2;
        return new Spread(sorted[0], median, Arrays.stream(sorted).max().orElseThrow());
    }
}
