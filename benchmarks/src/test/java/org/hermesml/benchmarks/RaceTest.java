package org.hermesml.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.hermesml.core.InputException;
import org.junit.jupiter.api.Test;

class RaceTest {
    /** Computes for as long as its batches are large. */
    private static final class Busy implements Contender {
        private final String name;
        private final int size;
        private final List<String> turns;
        private double sink = 1;

        private Busy(String name, int size, List<String> turns) {
            this.name = name;
            this.size = size;
            this.turns = turns;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public void train(int steps) {
            turns.add(name);
            for (long i = 0; i < (long) steps * size; i++) {
                sink = Math.sqrt(sink + i);
            }
        }

        @Override
        public void evaluate(int batches) {
            train(batches);
        }

        @Override
        public void close() {}
    }

    @Test
    void contendersTakeTurnsAndAreComparedWithTheFirst() {
        List<String> turns = new ArrayList<>();
        List<Contender> contenders =
                List.of(new Busy("a", 100_000, turns), new Busy("b", 800_000, turns));
        Map<String, Race.Result> results = new Race(5, 0.1).run(contenders, Contender::train, 16);
        assertEquals(List.of("a", "b"), List.copyOf(results.keySet()));
        assertEquals(1, results.get("a").ratio());
        double ratio = results.get("b").ratio();
        assertTrue(ratio < 1, "b does eight times as much: " + ratio);
        List<String> last = turns.subList(turns.size() - 10, turns.size());
        assertEquals(List.of("a", "b", "a", "b", "a", "b", "a", "b", "a", "b"), last);
    }

    @Test
    void theMedianIsTheMiddle() {
        assertEquals(3, Race.median(new double[] {9, 3, 1}));
        assertEquals(2, Race.median(new double[] {9, 3, 1, 1}));
    }

    @Test
    void anUnknownNetworkIsRefused() {
        assertEquals(List.of(Net.CNN, Net.MLP), Net.of("cnn,mlp"));
        assertTrue(
                assertThrows(InputException.class, () -> Net.of("lstm"))
                        .getMessage()
                        .contains("mlp, cnn, alexnet"));
    }
}
