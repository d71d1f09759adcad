package org.hermesml.edge;

import java.util.concurrent.CountDownLatch;

/** Tells every part of the process that it shall end: a signal, or the end of standard input. Any thread. */
public final class StopSignal {
    private final CountDownLatch requested = new CountDownLatch(1);

    public void request() {
        requested.countDown();
    }

    public boolean isRequested() {
        return requested.getCount() == 0;
    }

    /**
     * @throws Stopped when the process shall end
     */
    public void check() {
        if (isRequested() || Thread.currentThread().isInterrupted()) {
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
