package org.hermesml.core.method;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class BarrierForecastTest {
    /** A set of finishing times: how far apart they lie, and when the last of them is. */
    private record Meeting(double spread, double seconds) {}

    @Test
    void aSlowWorkerIsMetAfterAsManyIterationsOfTheFastOneAsFit() {
        assertEquals(
                Map.of("fast", 10, "slow", 1),
                BarrierForecast.iterations(Map.of("fast", 1.0, "slow", 10.2), 12));
    }

    @Test
    void ofMeetingsWithOneSpreadTheEarliestIsTaken() {
        assertEquals(
                Map.of("a", 3, "b", 2), BarrierForecast.iterations(Map.of("a", 2.0, "b", 3.0), 9));
    }

    @Test
    void withoutWorkersThereIsNoBarrierAndAloneOneWaitsForNobody() {
        assertEquals(Map.of(), BarrierForecast.iterations(Map.of(), 150));
        assertEquals(Map.of("a", 1), BarrierForecast.iterations(Map.of("a", 7.0), 150));
    }

    @Test
    void theSpreadIsTheLeastOfAllThereAreAndTheMeetingTheEarliestOfThose() {
        SplittableRandom random = new SplittableRandom(3);
        for (int trial = 0; trial < 500; trial++) {
            Map<String, Double> seconds = new TreeMap<>();
            int workers = random.nextInt(1, 5);
            for (int w = 0; w < workers; w++) {
                // Whole numbers half of the time: then many sets lie equally far apart.
                seconds.put(
                        "w" + w, trial % 2 == 0 ? random.nextInt(1, 8) : random.nextDouble(0.1, 5));
            }
            int lookahead = random.nextInt(1, 7);
            Map<String, Integer> found = BarrierForecast.iterations(seconds, lookahead);
            assertTrue(found.values().stream().allMatch(k -> k >= 1 && k <= lookahead));
            assertEquals(
                    best(seconds, lookahead),
                    meeting(seconds, found),
                    seconds + " looking ahead " + lookahead + " gives " + found);
        }
    }

    private static Meeting best(Map<String, Double> seconds, int lookahead) {
        List<String> workers = List.copyOf(seconds.keySet());
        Meeting best = null;
        int sets = (int) Math.pow(lookahead, workers.size());
        for (int set = 0; set < sets; set++) {
            Map<String, Integer> counts = new TreeMap<>();
            int rest = set;
            for (String worker : workers) {
                counts.put(worker, rest % lookahead + 1);
                rest /= lookahead;
            }
            Meeting meeting = meeting(seconds, counts);
            if (best == null
                    || meeting.spread() < best.spread()
                    || meeting.spread() == best.spread() && meeting.seconds() < best.seconds()) {
                best = meeting;
            }
        }
        return best;
    }

    private static Meeting meeting(Map<String, Double> seconds, Map<String, Integer> counts) {
        List<Double> times = new ArrayList<>();
        counts.forEach((worker, count) -> times.add(count * seconds.get(worker)));
        double last = times.stream().mapToDouble(t -> t).max().orElseThrow();
        double first = times.stream().mapToDouble(t -> t).min().orElseThrow();
        return new Meeting(last - first, last);
    }
}
