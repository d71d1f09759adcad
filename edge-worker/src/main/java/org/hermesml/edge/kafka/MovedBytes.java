package org.hermesml.edge.kafka;

import java.util.Map;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.MetricName;

/**
 * Bytes that a Kafka client has moved over its connections, as it counts them itself: also those of
 * a record that is still on its way.
 */
final class MovedBytes {
    static long sent(Map<MetricName, ? extends Metric> metrics) {
        return of(metrics, "producer-metrics", "outgoing-byte-total");
    }

    static long received(Map<MetricName, ? extends Metric> metrics) {
        return of(metrics, "consumer-metrics", "incoming-byte-total");
    }

    private static long of(Map<MetricName, ? extends Metric> metrics, String group, String name) {
        for (Map.Entry<MetricName, ? extends Metric> metric : metrics.entrySet()) {
            MetricName key = metric.getKey();
            if (key.name().equals(name)
                    && key.group().equals(group)
                    && metric.getValue().metricValue() instanceof Number value) {
                return value.longValue();
            }
        }
        return 0;
    }

    private MovedBytes() {}
}
