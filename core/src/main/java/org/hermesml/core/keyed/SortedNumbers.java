package org.hermesml.core.keyed;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * One number of each of many, in order: for the median of all but one's, and quantiles of all.
 * Neither a change nor a question takes more than a copy of the numbers behind one. One thread at a
 * time.
 */
public final class SortedNumbers {
    private static final int FEW = 16;

    private final Map<String, Double> byKey = new HashMap<>();
    private double[] sorted = new double[FEW];
    private int size;

    /**
     * @param value above 0; of any other, NaN included, {@code key} has none
     */
    public void put(String key, double value) {
        Double before = value > 0 ? byKey.put(key, value) : byKey.remove(key);
        if (before != null) {
            int at = Arrays.binarySearch(sorted, 0, size, before);
            System.arraycopy(sorted, at + 1, sorted, at, --size - at);
        }
        if (value > 0) {
            if (size == sorted.length) {
                sorted = Arrays.copyOf(sorted, 2 * size);
            }
            int found = Arrays.binarySearch(sorted, 0, size, value);
            int at = found < 0 ? -found - 1 : found;
            System.arraycopy(sorted, at, sorted, at + 1, size++ - at);
            sorted[at] = value;
        }
    }

    /** How many have a number, {@code key} left out. */
    public int countBut(String key) {
        return byKey.containsKey(key) ? size - 1 : size;
    }

    /** Of an even number the smaller of the two in the middle; NaN of none. */
    public double medianBut(String key) {
        int count = countBut(key);
        if (count == 0) {
            return Double.NaN;
        }
        int middle = (count - 1) / 2;
        Double own = byKey.get(key);
        boolean behind = own != null && Arrays.binarySearch(sorted, 0, size, own) <= middle;
        return sorted[behind ? middle + 1 : middle];
    }

    /** How many have a number. */
    public int size() {
        return size;
    }

    /** The number of rank {@code at}, 0 for the least. */
    public double at(int at) {
        return sorted[Objects.checkIndex(at, size)];
    }
}
