package org.hermesml.core.allocation;

import java.util.Arrays;
import java.util.function.IntToDoubleFunction;
import org.hermesml.core.keyed.SortedNumbers;

/** First quartile, median and third quartile of some times, linear between neighbours. */
public record Quartiles(double q1, double median, double q3) {
    /**
     * @param values at least one, in any order, left as they are
     */
    public static Quartiles of(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return of(sorted.length, i -> sorted[i]);
    }

    /**
     * Quartiles of all values but one.
     *
     * @param sorted ascending, at least two
     * @param left position of the value that is left out
     */
    static Quartiles ofOthers(double[] sorted, int left) {
        return of(sorted.length - 1, i -> sorted[i < left ? i : i + 1]);
    }

    private static Quartiles of(int count, IntToDoubleFunction sorted) {
        if (count == 0) {
            throw new IllegalArgumentException("Quartiles need at least one value");
        }
        return new Quartiles(
                at(count, sorted, 0.25), at(count, sorted, 0.5), at(count, sorted, 0.75));
    }

    /**
     * @param values at least one, in any order, left as they are
     * @param fraction 0 for the least, 0.5 for the median
     */
    static double quantile(double[] values, double fraction) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return at(sorted.length, i -> sorted[i], fraction);
    }

    /** {@link #quantile(double[], double)} of numbers of which there is one at least. */
    static double quantile(SortedNumbers numbers, double fraction) {
        return at(numbers.size(), numbers::at, fraction);
    }

    private static double at(int count, IntToDoubleFunction sorted, double fraction) {
        double position = fraction * (count - 1);
        int below = (int) position;
        double low = sorted.applyAsDouble(below);
        if (below == count - 1) {
            return low;
        }
        return low + (sorted.applyAsDouble(below + 1) - low) * (position - below);
    }
}
