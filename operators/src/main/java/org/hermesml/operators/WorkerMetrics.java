package org.hermesml.operators;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.flink.metrics.MetricGroup;
import org.hermesml.core.message.IterationReport;

/**
 * What a person looks for of each worker in the web UI. Gauges show the newest iteration of each
 * worker, of whichever run: the JobManager keeps each name of a metric that it ever fetched as long
 * as the job lives, and devices are few while runs come and go. Of the {@value #MOST} workers that
 * were heard of last. One thread.
 */
final class WorkerMetrics {
    static final int MOST = 2000;

    private final MetricGroup above;
    private final Map<String, Shown> workers = new LinkedHashMap<>(16, 0.75f, true);

    private record Newest(String run, IterationReport report) {}

    private record Shown(MetricGroup group, AtomicReference<Newest> newest) {}

    WorkerMetrics(MetricGroup above) {
        this.above = above;
    }

    void iteration(String run, String worker, IterationReport report) {
        workers.computeIfAbsent(worker, this::register).newest().set(new Newest(run, report));
        if (workers.size() > MOST) {
            RunGroups.takeBack(workers.remove(workers.keySet().iterator().next()).group());
        }
    }

    private Shown register(String worker) {
        AtomicReference<Newest> newest =
                new AtomicReference<>(new Newest("", IterationReport.getDefaultInstance()));
        MetricGroup of = above.addGroup(worker);
        of.gauge("run", () -> newest.get().run());
        of.gauge("z", () -> newest.get().report().getZ());
        of.gauge("threshold", () -> newest.get().report().getThreshold());
        of.gauge("heldOutLoss", () -> newest.get().report().getHeldOutLoss());
        of.gauge("iterationSeconds", () -> newest.get().report().getSeconds());
        of.gauge("samples", () -> newest.get().report().getSamples());
        of.gauge("miniBatch", () -> newest.get().report().getMiniBatch());
        of.gauge("iterations", () -> newest.get().report().getClock());
        return new Shown(of, newest);
    }
}
