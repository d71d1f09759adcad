package org.hermesml.core.defence;

import java.util.Collection;

/** Medians. */
final class Middle {
    /** The median; of an even number the smaller of the two in the middle. NaN of nothing. */
    static double of(Collection<Double> values) {
        double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        return sorted.length == 0 ? Double.NaN : sorted[(sorted.length - 1) / 2];
    }

    private Middle() {}
}
