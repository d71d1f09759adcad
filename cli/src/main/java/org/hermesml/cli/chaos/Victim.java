package org.hermesml.cli.chaos;

import java.io.IOException;

/**
 * A process that something is done to, by the signals that the system has for it.
 *
 * @param name for people
 */
record Victim(String name, ProcessHandle process) {
    /** {@code kill -9}; returns when it is gone. */
    void kill() {
        process.destroyForcibly();
        process.onExit().join();
    }

    /** It does nothing more until {@link #goOn}, and does not know. */
    void pause() {
        signal("STOP");
    }

    void goOn() {
        signal("CONT");
    }

    private void signal(String name) {
        try {
            new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
        } catch (IOException e) {
            throw new IllegalStateException(
                    "The program kill, which sends signals, does not start: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
