package org.hermesml.core.admission;

/** The least of some times that are after now: one that has passed was acted upon. */
final class Nearest {
    private final long nowMs;
    private long dueMs = Long.MAX_VALUE;

    Nearest(long nowMs) {
        this.nowMs = nowMs;
    }

    Nearest add(long atMs) {
        if (atMs > nowMs && atMs < dueMs) {
            dueMs = atMs;
        }
        return this;
    }

    /** {@link Long#MAX_VALUE} where there is none. */
    long dueMs() {
        return dueMs;
    }
}
