package org.hermesml.cli.local;

import java.io.IOException;

/**
 * Ends this process when its parent does: standard input is a pipe that the parent holds open, and
 * the system closes it however the parent ends, {@code kill -9} included.
 */
public final class ParentWatch {
    /** The option by which a process is asked to watch. */
    public static final String OPTION = "--end-with-stdin";

    /** A shutdown hook that hangs must not outlive the parent for longer than this. */
    private static final long LAST_RESORT_MS = 15_000;

    public static void start() {
        Thread watch = new Thread(ParentWatch::watch, "parent-watch");
        watch.setDaemon(true);
        watch.start();
    }

    private static void watch() {
        awaitEnd();
        Thread lastResort = new Thread(ParentWatch::haltLater, "last-resort");
        lastResort.setDaemon(true);
        lastResort.start();
        System.exit(0);
    }

    private static void awaitEnd() {
        byte[] ignored = new byte[256];
        try {
            while (System.in.read(ignored) >= 0) {
                // What a parent may say is not for us; only its end is.
            }
        } catch (IOException e) {
            // A broken pipe is an end, too.
        }
    }

    private static void haltLater() {
        try {
            Thread.sleep(LAST_RESORT_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().halt(0);
    }

    private ParentWatch() {}
}
