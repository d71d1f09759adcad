package org.hermesml.operators;

import java.util.HashMap;
import java.util.Map;
import org.apache.flink.metrics.MetricGroup;
import org.hermesml.core.message.IterationReport;

/**
 * What a person looks for of each worker in the web UI. Gauges show the newest iteration of each
 * worker.
 */
final class WorkerMetrics {
    private final MetricGroup group;
    private final Map<String, IterationReport> newest = new HashMap<>();

    WorkerMetrics(MetricGroup group) {
        this.group = group;
    }

    void iteration(String run, String worker, IterationReport report) {
        String key = Keys.worker(run, worker);
        if (newest.put(key, report) == null) {
            MetricGroup of = group.addGroup(run).addGroup(worker);
            of.gauge("z", () -> newest.get(key).getZ());
            of.gauge("threshold", () -> newest.get(key).getThreshold());
            of.gauge("heldOutLoss", () -> newest.get(key).getHeldOutLoss());
            of.gauge("iterationSeconds", () -> newest.get(key).getSeconds());
            of.gauge("samples", () -> newest.get(key).getSamples());
            of.gauge("miniBatch", () -> newest.get(key).getMiniBatch());
            of.gauge("iterations", () -> newest.get(key).getClock());
        }
    }
}
