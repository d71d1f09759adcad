package org.hermesml.simulator.command;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A request to end: a signal, or the end of standard input. What was done is then put in order
 * before the program ends. Any thread may ask.
 */
final class Interruption implements AutoCloseable {
    static final int CODE = 130;

    /** Less than a parent that ends its children waits for them. */
    private static final int GRACE_SECONDS = 9;

    private final CountDownLatch inOrder = new CountDownLatch(1);
    private final Thread hook = new Thread(this::ending, "put-in-order");
    private volatile boolean asked;

    private Interruption() {}

    /**
     * @param watchInput whether the end of standard input asks, too
     */
    static Interruption install(boolean watchInput) {
        Interruption interruption = new Interruption();
        Runtime.getRuntime().addShutdownHook(interruption.hook);
        if (watchInput) {
            Thread watch = new Thread(Interruption::awaitEndOfInput, "parent-watch");
            watch.setDaemon(true);
            watch.start();
        }
        return interruption;
    }

    boolean asked() {
        return asked;
    }

    private void ending() {
        asked = true;
        try {
            inOrder.await(GRACE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void awaitEndOfInput() {
        byte[] ignored = new byte[256];
        try {
            while (System.in.read(ignored) >= 0) {
                // only its end matters
            }
        } catch (IOException e) {
            // a broken pipe is an end, too
        }
        System.exit(CODE);
    }

    /** Everything is in order: the program may end. */
    @Override
    public void close() {
        inOrder.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // it is ending already, and the hook has nothing more to wait for
        }
    }
}
