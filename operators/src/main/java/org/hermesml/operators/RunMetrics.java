package org.hermesml.operators;

import java.util.concurrent.atomic.AtomicReference;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.hermesml.core.admission.AdmissionBook;
import org.hermesml.core.state.NumberedVerdict;
import org.hermesml.core.state.RunEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a person looks for of each run in the web UI. */
final class RunMetrics {
    /** All that is shown: a whole state is large. */
    private record Shown(
            long version,
            double loss,
            double accuracy,
            double bestLoss,
            long bytesUp,
            int pending,
            int workers,
            int heardOf) {
        static Shown of(AdmissionBook book) {
            return new Shown(
                    book.log().version(),
                    book.run().getScores().getNewestLoss(),
                    book.run().getScores().getNewestAccuracy(),
                    book.run().getScores().getBestLoss(),
                    book.run().getBytesUp(),
                    book.pending().size(),
                    book.members().size(),
                    book.run().getHeardOf());
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(RunMetrics.class);

    private static final Shown NOTHING = new Shown(-1, 0, 0, 0, 0, 0, 0, 0);

    private final RunGroups<AtomicReference<Shown>> runs;
    private final Counter admitted;
    private final Counter refused;
    private final Counter held;

    RunMetrics(MetricGroup group) {
        this.runs = new RunGroups<>(group);
        this.admitted = group.counter("admitted");
        this.refused = group.counter("refused");
        this.held = group.counter("held");
    }

    void update(RunEvent event, AdmissionBook book) {
        String run = event.getRun();
        AtomicReference<Shown> newest = runs.of(run, RunMetrics::register);
        Shown now = Shown.of(book);
        Shown before = newest.getAndSet(now);
        sayWhetherItWaits(run, before == NOTHING ? -1 : before.heardOf(), now.heardOf());
        if (event.hasVerdict() && !event.getVerdict().getIgnored()) {
            count(event.getVerdict());
        }
    }

    void ended(String run) {
        runs.ended(run);
    }

    private static AtomicReference<Shown> register(MetricGroup of) {
        AtomicReference<Shown> newest = new AtomicReference<>(NOTHING);
        of.gauge("modelVersion", () -> newest.get().version());
        of.gauge("loss", () -> newest.get().loss());
        of.gauge("accuracy", () -> newest.get().accuracy());
        of.gauge("bestLoss", () -> newest.get().bestLoss());
        of.gauge("bytesUp", () -> newest.get().bytesUp());
        of.gauge("pendingUpdates", () -> newest.get().pending());
        of.gauge("workers", () -> newest.get().workers());
        of.gauge("workersHeardOf", () -> newest.get().heardOf());
        return newest;
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
