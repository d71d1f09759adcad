package org.hermesml.cli.local;

import java.time.Duration;

/**
 * How soon a process is started again that keeps ending. One that lived long enough to have been of
 * use died of something else than its start and comes back at once; one that did not gets twice the
 * pause each time. Not safe for use by several threads at once.
 */
public final class Restarts {
    private static final long USEFUL_NANOS = Duration.ofSeconds(20).toNanos();
    private static final Duration FIRST = Duration.ofMillis(250);
    private static final Duration MOST = Duration.ofSeconds(30);

    private long startedNanos;
    private Duration next = Duration.ZERO;

    public void started(long nowNanos) {
        startedNanos = nowNanos;
    }

    /** The pause before its next start. */
    public Duration ended(long nowNanos) {
        if (nowNanos - startedNanos >= USEFUL_NANOS) {
            next = Duration.ZERO;
        }
        Duration pause = next;
        Duration twice = pause.isZero() ? FIRST : pause.multipliedBy(2);
        next = twice.compareTo(MOST) < 0 ? twice : MOST;
        return pause;
    }
}
