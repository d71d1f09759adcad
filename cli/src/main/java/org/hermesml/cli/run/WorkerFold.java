package org.hermesml.cli.run;

import java.util.HashMap;
import java.util.Map;
import org.hermesml.core.message.Allocation;
import org.hermesml.core.message.ByteCounters;
import org.hermesml.core.message.IterationReport;

/**
 * The records of one worker, folded. A repeated or late report counts once, under its own
 * incarnation.
 */
final class WorkerFold {
    /** Silence shorter than this is never remarked on. */
    private static final long SILENCE_FLOOR_MS = 20_000;

    private static final double SILENCE_FACTOR = 10;

    /**
     * Of one incarnation: the newest report counts, its counters are sums since the process
     * started.
     */
    private static final class Life {
        IterationReport newest = IterationReport.getDefaultInstance();
        long pushes;
    }

    private final String name;
    private final Map<Long, Life> lives = new HashMap<>();
    private long incarnation = -1;
    private boolean gone;
    private long heardMs;
    private Allocation allocation = Allocation.getDefaultInstance();

    WorkerFold(String name) {
        this.name = name;
    }

    /** Whether this begins a new life. */
    boolean hello(long offset, long timeMs) {
        if (offset <= incarnation) {
            return false;
        }
        begin(offset);
        heardMs = Math.max(heardMs, timeMs);
        return true;
    }

    void iteration(long life, IterationReport report, long timeMs) {
        // Who reports after a later process was turned away has kept its place.
        if (life > incarnation || gone && lives.containsKey(life)) {
            begin(life);
        }
        Life of = lives.computeIfAbsent(life, i -> new Life());
        heard(life, timeMs);
        if (report.getClock() <= of.newest.getClock()) {
            return;
        }
        of.newest = report;
        if (report.getPush()) {
            of.pushes++;
        }
    }

    /** A life sign that carries no figures. */
    void heard(long life, long timeMs) {
        if (life == incarnation) {
            heardMs = Math.max(heardMs, timeMs);
        }
    }

    /** Whether the worker's present life ends with this. */
    boolean left(long life) {
        if (life != incarnation || gone) {
            return false;
        }
        gone = true;
        return true;
    }

    void allocated(Allocation newest) {
        if (newest.getGeneration() >= allocation.getGeneration()) {
            allocation = newest;
        }
    }

    private void begin(long life) {
        incarnation = life;
        lives.computeIfAbsent(life, i -> new Life());
        gone = false;
    }

    long iterations() {
        return lives.values().stream().mapToLong(l -> l.newest.getClock()).sum();
    }

    long pushes() {
        return lives.values().stream().mapToLong(l -> l.pushes).sum();
    }

    ByteCounters bytes() {
        ByteCounters.Builder sum = ByteCounters.newBuilder();
        for (Life life : lives.values()) {
            ByteCounters b = life.newest.getBytes();
            sum.setUpdatesUp(sum.getUpdatesUp() + b.getUpdatesUp())
                    .setModelsDown(sum.getModelsDown() + b.getModelsDown())
                    .setDataDown(sum.getDataDown() + b.getDataDown())
                    .setControl(sum.getControl() + b.getControl());
        }
        return sum.build();
    }

    WorkerView view(long nowMs) {
        Life life = lives.get(incarnation);
        IterationReport report = life == null ? IterationReport.getDefaultInstance() : life.newest;
        boolean started = report.getClock() > 0;
        return new WorkerView(
                name,
                state(report, started, nowMs),
                iterations(),
                started ? report.getHeldOutLoss() : Double.NaN,
                started ? report.getZ() : Double.NaN,
                started ? report.getThreshold() : Double.NaN,
                pushes(),
                started ? report.getSamples() : allocation.getSamples(),
                started ? report.getMiniBatch() : allocation.getMiniBatch(),
                report.getSeconds(),
                bytes());
    }

    private WorkerView.State state(IterationReport report, boolean started, long nowMs) {
        if (gone) {
            return WorkerView.State.GONE;
        }
        double patienceMs = Math.max(SILENCE_FLOOR_MS, SILENCE_FACTOR * 1000 * report.getSeconds());
        if (nowMs - heardMs > patienceMs) {
            return WorkerView.State.SILENT;
        }
        return started ? WorkerView.State.TRAINING : WorkerView.State.JOINING;
    }
}
