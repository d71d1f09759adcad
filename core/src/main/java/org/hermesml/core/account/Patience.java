package org.hermesml.core.account;

import org.hermesml.core.settings.Settings;

/** How long a worker waits for an answer before it says again what it waits for. */
public final class Patience {
    /** A worker says itself no more often than this. */
    private static final long LEAST_MS = 500;

    /** Admission takes half a silence for proof that others still report: twice in that time. */
    private static final long REPORTS_IN_SILENCE_FLOOR = 4;

    /** In milliseconds. */
    public static long ms(Settings settings) {
        long floorMs = settings.get(Settings.SILENCE_FLOOR).toMillis();
        return Math.max(LEAST_MS, floorMs / REPORTS_IN_SILENCE_FLOOR);
    }

    private Patience() {}
}
