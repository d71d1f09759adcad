package org.hermesml.core.method;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.TreeMap;

/**
 * When workers of different speeds meet with the least waiting. Each worker that starts now and
 * takes as long for every iteration as for its last has its next R finishing times; the merged time
 * line is scanned, the newest point of each worker kept, and the earliest set of such points with
 * the least spread is the barrier. The algorithm of ZipLine: X. Zhao et al., "Dynamic Stale
 * Synchronous Parallel Distributed Training for Deep Learning", ICDCS 2019, and "Elastic Bulk
 * Synchronous Parallel Model for Distributed Deep Learning", ICDM 2019. O(R n log n). Pure.
 */
final class BarrierForecast {
    private record Point(String worker, int iterations, double seconds)
            implements Comparable<Point> {
        @Override
        public int compareTo(Point other) {
            int byTime = Double.compare(seconds, other.seconds);
            return byTime != 0 ? byTime : worker.compareTo(other.worker);
        }

        Point next(double iterationSeconds) {
            return new Point(worker, iterations + 1, (iterations + 1) * iterationSeconds);
        }
    }

    /**
     * @param iterationSeconds of each worker's newest iteration, all above 0
     * @param lookahead R: finishing times looked at of each worker, at least 1
     * @return iterations of each worker until the barrier, 1 to R; empty without workers
     */
    static Map<String, Integer> iterations(Map<String, Double> iterationSeconds, int lookahead) {
        PriorityQueue<Point> coming = new PriorityQueue<>();
        new TreeMap<>(iterationSeconds)
                .forEach((worker, seconds) -> coming.add(new Point(worker, 1, seconds)));
        // In the order in which the points were met: the first entry is the oldest point.
        LinkedHashMap<String, Point> newest = new LinkedHashMap<>();
        Map<String, Integer> best = Map.of();
        double leastSpread = Double.POSITIVE_INFINITY;
        while (!coming.isEmpty()) {
            Point point = coming.poll();
            newest.remove(point.worker());
            newest.put(point.worker(), point);
            if (point.iterations() < lookahead) {
                coming.add(point.next(iterationSeconds.get(point.worker())));
            }
            if (newest.size() < iterationSeconds.size()) {
                continue;
            }
            double spread = point.seconds() - newest.values().iterator().next().seconds();
            if (spread < leastSpread) {
                leastSpread = spread;
                best = counts(newest);
            }
        }
        return best;
    }

    private static Map<String, Integer> counts(Map<String, Point> points) {
        Map<String, Integer> counts = new TreeMap<>();
        points.forEach((worker, point) -> counts.put(worker, point.iterations()));
        return counts;
    }

    private BarrierForecast() {}
}
