package org.hermesml.edge;

import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;

/**
 * Tells every part of the process that it shall end: a signal, or the end of standard input. Any
 * thread.
 */
public final class StopSignal {
    private final CountDownLatch requested = new CountDownLatch(1);
    private final BooleanSupplier other;

    public StopSignal() {
        this(() -> false);
    }

    private StopSignal(BooleanSupplier other) {
        this.other = other;
    }

    /** For a part of what this signal stops, which may also end earlier. */
    public StopSignal part() {
        return part(() -> false);
    }

    /** For a part that also ends when {@code over} says so; asked often, on any thread. */
    public StopSignal part(BooleanSupplier over) {
        return new StopSignal(() -> isRequested() || over.getAsBoolean());
    }

    public void request() {
        requested.countDown();
    }

    public boolean isRequested() {
        return requested.getCount() == 0 || other.getAsBoolean();
    }

    /**
     * @throws Stopped when the process shall end
     */
    public void check() {
        if (isRequested()) {
            throw new Stopped();
        }
    }

    /** Thrown out of whatever a thread is waiting for once the process shall end. */
    public static final class Stopped extends RuntimeException {
        public Stopped() {
            super("stopped", null, false, false);
        }
    }
}
