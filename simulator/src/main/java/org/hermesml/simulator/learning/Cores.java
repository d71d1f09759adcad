package org.hermesml.simulator.learning;

import java.util.concurrent.BlockingDeque;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.Semaphore;

/**
 * Cores that several simulated runs share. Each run has one of its own for as long as it lasts;
 * those that no run has compute bouts ahead for all, so that a single run uses every core. Any
 * thread.
 */
public final class Cores implements AutoCloseable {
    private final Semaphore free;
    private final BlockingDeque<FutureTask<?>> begun = new LinkedBlockingDeque<>();
    private final Thread[] others;

    /**
     * @param count at least 1; with 1 nothing is computed ahead
     */
    public Cores(int count) {
        // Fair: a run that begins gets the core of the bout that ends next.
        this.free = new Semaphore(count, true);
        this.others = new Thread[count - 1];
        for (int i = 0; i < others.length; i++) {
            others[i] = new Thread(this::computeAhead, "training");
            others[i].setDaemon(true);
            others[i].start();
        }
    }

    private void computeAhead() {
        try {
            while (true) {
                FutureTask<?> bout = begun.take();
                free.acquire();
                try {
                    bout.run();
                } finally {
                    free.release();
                }
            }
        } catch (InterruptedException e) {
            // Closed.
        }
    }

    /** The calling thread simulates a run from now on, until {@link #leave}. */
    void enter() {
        free.acquireUninterruptibly();
    }

    void leave() {
        free.release();
    }

    /** Offers a bout to cores that are free; its run computes it itself where none is in time. */
    void offer(FutureTask<?> bout) {
        if (others.length > 0) {
            begun.add(bout);
        }
    }

    /** A bout that is still to compute; null where there is none. */
    FutureTask<?> poll() {
        return begun.poll();
    }

    /** None of these is to be computed any more. */
    void withdraw(Iterable<FutureTask<?>> bouts) {
        for (FutureTask<?> bout : bouts) {
            begun.remove(bout);
        }
    }

    /** Once no run lasts any more. */
    @Override
    public void close() {
        for (Thread other : others) {
            other.interrupt();
        }
    }
}
