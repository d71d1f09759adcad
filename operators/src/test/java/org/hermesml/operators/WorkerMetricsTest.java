package org.hermesml.operators;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.Map;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Metric;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.metrics.NoOpMetricRegistry;
import org.apache.flink.runtime.metrics.groups.AbstractMetricGroup;
import org.apache.flink.runtime.metrics.groups.GenericMetricGroup;
import org.hermesml.core.message.IterationReport;
import org.junit.jupiter.api.Test;

class WorkerMetricsTest {
    private final Map<String, Remembering> groups = new HashMap<>();
    private final WorkerMetrics metrics =
            new WorkerMetrics(
                    new GenericMetricGroup(NoOpMetricRegistry.INSTANCE, null, "job") {
                        @Override
                        public MetricGroup addGroup(String name) {
                            return groups.merge(name, new Remembering(this, name), (a, b) -> b);
                        }
                    });

    @Test
    void aWorkerHasOneSetOfNamesInAllItsRuns() {
        metrics.iteration("first", "pi", iteration(1.5, 7));
        Remembering pi = groups.get("pi");
        metrics.iteration("second", "pi", iteration(2.5, 1));
        assertEquals(pi, groups.get("pi"), "registered again");
        assertEquals("second", pi.shown("run"));
        assertEquals(2.5, pi.shown("z"));
        assertEquals(1L, pi.shown("iterations"));
    }

    @Test
    void whoWasNotHeardOfForLongestGivesWay() {
        metrics.iteration("run", "first", iteration(1, 1));
        metrics.iteration("run", "second", iteration(1, 1));
        for (int i = 0; i < WorkerMetrics.MOST - 2; i++) {
            metrics.iteration("run", "worker-" + i, iteration(1, 1));
        }
        metrics.iteration("run", "first", iteration(1, 2));
        assertTrue(groups.values().stream().noneMatch(AbstractMetricGroup::isClosed));
        metrics.iteration("run", "one-more", iteration(1, 1));
        assertTrue(groups.get("second").isClosed());
        assertEquals(1, groups.values().stream().filter(AbstractMetricGroup::isClosed).count());
        metrics.iteration("run", "second", iteration(1, 2));
        assertFalse(groups.get("second").isClosed(), "it came back");
    }

    private static IterationReport iteration(double z, long clock) {
        return IterationReport.newBuilder().setZ(z).setClock(clock).build();
    }

    /** Keeps what is registered in it. */
    private static final class Remembering extends GenericMetricGroup {
        private final Map<String, Metric> metrics = new HashMap<>();

        Remembering(AbstractMetricGroup<?> parent, String name) {
            super(NoOpMetricRegistry.INSTANCE, parent, name);
        }

        @Override
        protected void addMetric(String name, Metric metric) {
            metrics.put(name, metric);
        }

        Object shown(String name) {
            return ((Gauge<?>) metrics.get(name)).getValue();
        }
    }
}
