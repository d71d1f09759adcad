package org.hermesml.core.account;

import org.hermesml.core.settings.Settings;

/**
 * How long a worker waits for an answer before it says again what it waits for, and how long it is
 * busy before it says that it lives.
 */
public final class Patience {
    /** A worker says itself no more often than this. */
    private static final long LEAST_MS = 500;

    /** Admission takes half a silence for proof that others still report: twice in that time. */
    private static final long REPORTS_IN_SILENCE_FLOOR = 4;

    private static final long SIGNS_IN_SILENCE_FLOOR = 3;

    /** In milliseconds. */
    public static long ms(Settings settings) {
        long floorMs = settings.get(Settings.SILENCE_FLOOR).toMillis();
        return Math.max(LEAST_MS, floorMs / REPORTS_IN_SILENCE_FLOOR);
    }

    /**
     * How long a worker may be busy without a report before it says that it lives, in milliseconds:
     * one sign may get lost, and another one be late.
     */
    public static long signsEveryMs(Settings settings) {
        return Math.max(
                1, settings.get(Settings.SILENCE_FLOOR).toMillis() / SIGNS_IN_SILENCE_FLOOR);
    }

    private Patience() {}
}
