package org.hermesml.cli.run;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/**
 * Ctrl-C and other requests to end this program. The first asks whoever looks at {@link #asked} to
 * put things in order and waits for that, but not for ever; a second Ctrl-C ends at once, and the
 * children end as their standard input closes. Any thread may call.
 */
public final class Interrupts implements AutoCloseable {
    public static final int CODE = 130;

    private static final int GRACE_SECONDS = 60;

    private final AtomicBoolean asked = new AtomicBoolean();
    private final CountDownLatch wanted = new CountDownLatch(1);
    private final CountDownLatch inOrder = new CountDownLatch(1);
    private final Thread hook = new Thread(this::ending, "end-run");

    private SignalHandler before;

    private Interrupts() {}

    public static Interrupts install() {
        Interrupts interrupts = new Interrupts();
        Runtime.getRuntime().addShutdownHook(interrupts.hook);
        // A JVM that is already ending ignores signals, unless somebody listens.
        interrupts.before = Signal.handle(new Signal("INT"), signal -> interrupts.interrupted());
        return interrupts;
    }

    private void interrupted() {
        if (!asked.compareAndSet(false, true)) {
            Runtime.getRuntime().halt(CODE);
        }
        new Thread(() -> System.exit(CODE), "exit").start();
    }

    private void ending() {
        asked.set(true);
        wanted.countDown();
        try {
            inOrder.await(GRACE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    public boolean asked() {
        return asked.get();
    }

    /** Waits for somebody to ask. */
    void await() {
        try {
            wanted.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Everything is in order: the program may end. */
    @Override
    public void close() {
        inOrder.countDown();
        if (asked.get()) {
            return;
        }
        Signal.handle(new Signal("INT"), before);
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // the program has begun to end in this moment; the hook has nothing to wait for
        }
    }
}
