package org.hermesml.core.allocation;

/**
 * Tukey's fences, 1.5 interquartile ranges outside the quartiles of the other workers' times: a
 * worker whose time lies beyond them is an outlier.
 *
 * @param inclusive whether a time on a fence is beyond it, as in the released implementation, where
 *     equal times are all outliers
 */
public record Outliers(Quartiles others, boolean inclusive) {
    private static final double REACH = 1.5;

    public double lower() {
        return others.q1() - REACH * (others.q3() - others.q1());
    }

    public double upper() {
        return others.q3() + REACH * (others.q3() - others.q1());
    }

    public boolean isOutlier(double seconds) {
        return inclusive
                ? seconds <= lower() || seconds >= upper()
                : seconds < lower() || seconds > upper();
    }
}
