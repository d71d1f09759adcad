package org.hermesml.cli.local;

import java.util.concurrent.TimeUnit;

/** Between two looks at something that tells nobody when it has happened. */
final class Pause {
    /**
     * @param what is waited for, for the message
     * @throws IllegalStateException when interrupted
     */
    static void of(long ms, String what) {
        try {
            TimeUnit.MILLISECONDS.sleep(ms);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while waiting for " + what + ".", e);
        }
    }

    private Pause() {}
}
