package org.hermesml.operators;

import java.util.HashMap;
import java.util.Map;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.hermesml.core.log.VerdictLog;
import org.hermesml.core.state.AdmissionState;
import org.hermesml.core.state.NumberedVerdict;
import org.hermesml.core.state.RunEvent;

/** What a person looks for of each run in the web UI. */
final class RunMetrics {
    private final MetricGroup group;
    private final Map<String, AdmissionState> newest = new HashMap<>();
    private final Counter admitted;
    private final Counter refused;
    private final Counter held;

    RunMetrics(MetricGroup group) {
        this.group = group;
        this.admitted = group.counter("admitted");
        this.refused = group.counter("refused");
        this.held = group.counter("held");
    }

    void update(RunEvent event, AdmissionState state) {
        String run = event.getRun();
        if (newest.put(run, state) == null) {
            MetricGroup of = group.addGroup(run);
            of.gauge("modelVersion", () -> VerdictLog.version(newest.get(run).getLog()));
            of.gauge("loss", () -> newest.get(run).getScores().getNewestLoss());
            of.gauge("accuracy", () -> newest.get(run).getScores().getNewestAccuracy());
            of.gauge("bestLoss", () -> newest.get(run).getScores().getBestLoss());
            of.gauge("bytesUp", () -> newest.get(run).getBytesUp());
            of.gauge("pendingUpdates", () -> newest.get(run).getPendingCount());
            of.gauge("workers", () -> newest.get(run).getMembersCount());
        }
        if (event.hasVerdict() && !event.getVerdict().getIgnored()) {
            count(event.getVerdict());
        }
    }

    private void count(NumberedVerdict entry) {
        switch (entry.getVerdict().getDecisionCase()) {
            case ADMITTED -> admitted.inc();
            case REFUSED -> refused.inc();
            case HELD -> held.inc();
            default -> {}
        }
    }
}
