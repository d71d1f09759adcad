package org.hermesml.operators;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.metrics.groups.AbstractMetricGroup;

/**
 * What is shown of each run, with its metric group: of all runs that go on, and of the {@value
 * #ENDED} that ended last. By itself Flink would keep what was ever registered until the job ends;
 * of what is taken back the JobManager still keeps the names that it fetched. One thread.
 *
 * @param <T> what is shown of a run
 */
final class RunGroups<T> {
    static final int ENDED = 16;

    private final MetricGroup above;
    private final Map<String, Shown<T>> runs = new HashMap<>();
    private final Deque<String> ended = new ArrayDeque<>();

    private record Shown<T>(MetricGroup group, T content) {}

    /** Registers a run in its group, and returns what is to be kept for it. */
    @FunctionalInterface
    interface Registration<T> {
        T register(MetricGroup group);
    }

    RunGroups(MetricGroup above) {
        this.above = above;
    }

    /** What is shown of {@code run}, which goes on; registered where nothing is. */
    T of(String run, Registration<T> registration) {
        // Another one of this name, begun while the one before is still shown.
        ended.remove(run);
        Shown<T> shown = runs.get(run);
        if (shown == null) {
            MetricGroup group = above.addGroup(run);
            shown = new Shown<>(group, registration.register(group));
            runs.put(run, shown);
        }
        return shown.content();
    }

    /** The run has ended: it is shown until as many others have. */
    void ended(String run) {
        if (!runs.containsKey(run) || ended.contains(run)) {
            return;
        }
        ended.add(run);
        if (ended.size() > ENDED) {
            takeBack(runs.remove(ended.remove()).group());
        }
    }

    /** Metric groups have no such method in their interface. */
    static void takeBack(MetricGroup shown) {
        if (shown instanceof AbstractMetricGroup<?> group) {
            group.close();
        }
    }

    int size() {
        return runs.size();
    }
}
