package org.hermesml.core.account;

import org.hermesml.core.settings.Settings;
import org.hermesml.core.state.WorkerAccount;

/** How long a worker may say nothing, and whose fault it is when it does. Pure. */
public final class Silence {
    /**
     * A worker that has not finished an iteration yet fetches data and model first: it gets this
     * many times the usual floor.
     */
    private static final int START_FACTOR = 3;

    private final double factor;
    private final long floorMs;

    Silence(Settings settings) {
        this.factor = settings.get(Settings.SILENCE_FACTOR);
        this.floorMs = settings.get(Settings.SILENCE_FLOOR).toMillis();
    }

    /** From its last sign of life on, in milliseconds. */
    long deadlineMs(WorkerAccount account) {
        if (account.getIterationSeconds() == 0) {
            return START_FACTOR * floorMs;
        }
        return Math.max(floorMs, (long) (factor * account.getIterationSeconds() * 1000));
    }

    /**
     * Whether a worker that has been silent for {@code silentMs} is alone in it. When nobody is
     * heard of any more the fault is not any worker's: nobody is evicted.
     *
     * @param lastHeardMs when any worker was last heard of
     */
    public static boolean isItsOwn(long nowMs, long lastHeardMs, long silentMs) {
        return nowMs - lastHeardMs < silentMs / 2;
    }
}
