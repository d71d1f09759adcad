package org.hermesml.operators;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.flink.metrics.MetricGroup;
import org.hermesml.core.message.IterationReport;

/**
 * What a person looks for of each worker in the web UI. Gauges show the newest iteration of each
 * worker.
 */
final class WorkerMetrics {
    private final RunGroups<Workers> runs;

    WorkerMetrics(MetricGroup group) {
        this.runs = new RunGroups<>(group);
    }

    void iteration(String run, String worker, IterationReport report) {
        runs.of(run, Workers::new).newest(worker).set(report);
    }

    void ended(String run) {
        runs.ended(run);
    }

    /** Those of one run. */
    private static final class Workers {
        private final MetricGroup group;
        private final Map<String, AtomicReference<IterationReport>> newest = new HashMap<>();

        Workers(MetricGroup group) {
            this.group = group;
        }

        AtomicReference<IterationReport> newest(String worker) {
            return newest.computeIfAbsent(worker, this::register);
        }

        private AtomicReference<IterationReport> register(String worker) {
            AtomicReference<IterationReport> shown =
                    new AtomicReference<>(IterationReport.getDefaultInstance());
            MetricGroup of = group.addGroup(worker);
            of.gauge("z", () -> shown.get().getZ());
            of.gauge("threshold", () -> shown.get().getThreshold());
            of.gauge("heldOutLoss", () -> shown.get().getHeldOutLoss());
            of.gauge("iterationSeconds", () -> shown.get().getSeconds());
            of.gauge("samples", () -> shown.get().getSamples());
            of.gauge("miniBatch", () -> shown.get().getMiniBatch());
            of.gauge("iterations", () -> shown.get().getClock());
            return shown;
        }
    }
}
