package org.hermesml.core.keyed;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SortedNumbersTest {
    @Test
    void ofNobodyElseThereIsNone() {
        SortedNumbers numbers = new SortedNumbers();
        assertEquals(Double.NaN, numbers.medianBut("a"));
        numbers.put("a", 3);
        assertEquals(0, numbers.countBut("a"));
        assertEquals(Double.NaN, numbers.medianBut("a"));
        assertEquals(3, numbers.medianBut("b"));
    }

    @Test
    void whatIsNotAboveZeroIsNoNumber() {
        SortedNumbers numbers = new SortedNumbers();
        for (double none : List.of(0.0, -1.0, Double.NaN)) {
            numbers.put("a", 5);
            numbers.put("a", none);
            assertEquals(0, numbers.countBut("b"));
        }
    }

    /** Few values, so that many are equal. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void isTheMiddleOfAllOthersSorted(long seed) {
        Random random = new Random(seed);
        SortedNumbers numbers = new SortedNumbers();
        Map<String, Double> all = new HashMap<>();
        for (int step = 0; step < 2_000; step++) {
            String key = "w" + random.nextInt(40);
            double value =
                    random.nextInt(20) == 0 ? Double.POSITIVE_INFINITY : random.nextInt(12) - 2;
            numbers.put(key, value);
            all.put(key, value);
            double[] sorted =
                    all.values().stream().mapToDouble(v -> v).filter(v -> v > 0).sorted().toArray();
            assertArrayEquals(
                    sorted, IntStream.range(0, numbers.size()).mapToDouble(numbers::at).toArray());
            String but = "w" + random.nextInt(42);
            List<Double> others =
                    all.entrySet().stream()
                            .filter(e -> !e.getKey().equals(but) && e.getValue() > 0)
                            .map(Map.Entry::getValue)
                            .sorted()
                            .toList();
            assertEquals(others.size(), numbers.countBut(but));
            double median = others.isEmpty() ? Double.NaN : others.get((others.size() - 1) / 2);
            assertEquals(median, numbers.medianBut(but), "step " + step);
        }
    }
}
