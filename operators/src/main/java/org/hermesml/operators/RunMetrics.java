package org.hermesml.operators;

import java.util.HashMap;
import java.util.Map;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.hermesml.core.log.VerdictLog;
import org.hermesml.core.state.AdmissionState;
import org.hermesml.core.state.NumberedVerdict;
import org.hermesml.core.state.RunEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a person looks for of each run in the web UI. */
final class RunMetrics {
    /** All that is shown: gauges cannot be taken back, and a whole state is large. */
    private record Shown(
            long version,
            double loss,
            double accuracy,
            double bestLoss,
            long bytesUp,
            int pending,
            int workers,
            int heardOf) {
        static Shown of(AdmissionState state) {
            return new Shown(
                    VerdictLog.version(state.getLog()),
                    state.getScores().getNewestLoss(),
                    state.getScores().getNewestAccuracy(),
                    state.getScores().getBestLoss(),
                    state.getBytesUp(),
                    state.getPendingCount(),
                    state.getMembersCount(),
                    state.getHeardOf());
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(RunMetrics.class);

    private final MetricGroup group;
    private final Map<String, Shown> newest = new HashMap<>();
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
        Shown now = Shown.of(state);
        Shown before = newest.put(run, now);
        sayWhetherItWaits(run, before == null ? -1 : before.heardOf(), now.heardOf());
        if (before == null) {
            MetricGroup of = group.addGroup(run);
            of.gauge("modelVersion", () -> newest.get(run).version());
            of.gauge("loss", () -> newest.get(run).loss());
            of.gauge("accuracy", () -> newest.get(run).accuracy());
            of.gauge("bestLoss", () -> newest.get(run).bestLoss());
            of.gauge("bytesUp", () -> newest.get(run).bytesUp());
            of.gauge("pendingUpdates", () -> newest.get(run).pending());
            of.gauge("workers", () -> newest.get(run).workers());
            of.gauge("workersHeardOf", () -> newest.get(run).heardOf());
        }
        if (event.hasVerdict() && !event.getVerdict().getIgnored()) {
            count(event.getVerdict());
        }
    }

    /**
     * @param before workers; -1 where nothing was known of the run
     */
    private static void sayWhetherItWaits(String run, int before, int now) {
        if (now == 0 && before != 0) {
            LOG.warn("Run {} has no workers that are heard of: it waits for one", run);
        } else if (now > 0 && before == 0) {
            LOG.info("Run {} goes on: a worker is heard of", run);
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
