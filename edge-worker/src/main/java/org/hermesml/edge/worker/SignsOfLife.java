package org.hermesml.edge.worker;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.hermesml.core.message.Activity;
import org.hermesml.core.message.Progress;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says that a worker lives while something takes long, so that a slow transfer or a long iteration
 * is not taken for silence. Says it only where something has moved since it was last heard: a
 * worker that hangs is silent. Any thread.
 */
final class SignsOfLife implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SignsOfLife.class);

    /** How often it looks, within the time after which it says something. */
    private static final int LOOKS = 4;

    /** What clients tell their broker now and then is no transfer. */
    private static final long LEAST_BYTES = 4 << 10;

    private final long everyMs;
    private final Consumer<Progress> say;
    private final AtomicLong steps = new AtomicLong();
    private final List<LongSupplier> moved = new CopyOnWriteArrayList<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread thread;
    private volatile Activity activity = Activity.FETCHING;
    private volatile long clock;
    private volatile long saidNs = System.nanoTime();

    /** What had moved when it was last said that something had. */
    private long before;

    /**
     * @param everyMs after so long without a report it says something
     * @param say sends one; called on a thread of its own
     */
    SignsOfLife(long everyMs, Consumer<Progress> say) {
        this.everyMs = everyMs;
        this.say = say;
        this.thread = new Thread(this::watch, "signs of life");
        thread.setDaemon(true);
    }

    /** From now on; the worker has said hello. */
    void start() {
        before = sum();
        thread.start();
    }

    /**
     * What the worker does from now on.
     *
     * @param finished iterations so far
     */
    void doing(Activity next, long finished) {
        clock = finished;
        activity = next;
    }

    /** A report has arrived: that is a sign as well. */
    void said() {
        saidNs = System.nanoTime();
    }

    /** To be counted up while the worker gets on with something that moves no bytes. */
    AtomicLong steps() {
        return steps;
    }

    /** Grows while something is transferred; asked on another thread. */
    void watch(LongSupplier bytes) {
        moved.add(bytes);
    }

    private void watch() {
        try {
            while (!closed.await(Math.max(1, everyMs / LOOKS), TimeUnit.MILLISECONDS)) {
                long now = sum();
                boolean due = System.nanoTime() - saidNs >= everyMs * 1_000_000;
                if (due && (now != before || activity == Activity.WAITING)) {
                    before = now;
                    said();
                    say();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A broker that cannot be found now must not silence the worker for the rest of the run. */
    private void say() {
        try {
            say.accept(Progress.newBuilder().setClock(clock).setActivity(activity).build());
        } catch (RuntimeException e) {
            LOG.warn("A sign of life got lost: {}", e.getMessage());
        }
    }

    private long sum() {
        long sum = steps.getOpaque();
        for (LongSupplier bytes : moved) {
            sum += bytes.getAsLong() / LEAST_BYTES;
        }
        return sum;
    }

    @Override
    public void close() {
        closed.countDown();
        try {
            thread.join(2000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
