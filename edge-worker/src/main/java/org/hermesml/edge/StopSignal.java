package org.hermesml.edge;

import java.util.concurrent.CountDownLatch;

/** Tells every part of the process that it shall end: a signal, or the end of standard input. Any thread. */
public final class StopSignal {
    private final CountDownLatch requested = new CountDownLatch(1);
    private final StopSignal whole;

    public StopSignal() {
        this(null);
    }

    private StopSignal(StopSignal whole) {
        this.whole = whole;
    }

    /** For a part of what this signal stops, which may also end earlier. */
    public StopSignal part() {
        return new StopSignal(this);
    }

    public void request() {
        requested.countDown();
    }

    public boolean isRequested() {
        return requested.getCount() == 0 || whole != null && whole.isRequested();
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
