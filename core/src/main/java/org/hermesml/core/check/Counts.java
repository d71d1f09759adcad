package org.hermesml.core.check;

/** Numbers of things: records, iterations, versions, lives by a clock in milliseconds. */
final class Counts {
    /** Above any count of anything, far below where sums of a few overflow. */
    private static final long MOST = 1L << 53;

    static boolean isOne(long value) {
        return value >= 0 && value <= MOST;
    }

    private Counts() {}
}
