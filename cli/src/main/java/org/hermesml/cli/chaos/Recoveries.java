package org.hermesml.cli.chaos;

import java.util.ArrayList;
import java.util.List;

/** How long it took from each kill to the next merge. One thread. */
final class Recoveries {
    private record Recovery(Target target, double seconds) {}

    private final List<Recovery> recoveries = new ArrayList<>();

    void add(Target target, double seconds) {
        recoveries.add(new Recovery(target, seconds));
    }

    /** NaN where there is none. */
    double median(Target target) {
        return median(seconds(target));
    }

    double worst(Target target) {
        return worst(seconds(target));
    }

    double median() {
        return median(all());
    }

    double worst() {
        return worst(all());
    }

    private List<Double> seconds(Target target) {
        return recoveries.stream()
                .filter(r -> r.target() == target)
                .map(Recovery::seconds)
                .sorted()
                .toList();
    }

    private List<Double> all() {
        return recoveries.stream().map(Recovery::seconds).sorted().toList();
    }

    private static double median(List<Double> sorted) {
        int n = sorted.size();
        if (n == 0) {
            return Double.NaN;
        }
        return n % 2 == 1 ? sorted.get(n / 2) : (sorted.get(n / 2 - 1) + sorted.get(n / 2)) / 2;
    }

    private static double worst(List<Double> sorted) {
        return sorted.isEmpty() ? Double.NaN : sorted.get(sorted.size() - 1);
    }
}
