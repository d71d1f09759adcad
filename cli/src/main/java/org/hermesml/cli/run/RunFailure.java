package org.hermesml.cli.run;

/**
 * A run failed though nothing was wrong with what was asked. The message is one sentence; the
 * program exits with 1.
 */
public final class RunFailure extends IllegalStateException {
    public RunFailure(String message) {
        super(message);
    }

    public RunFailure(String message, Throwable cause) {
        super(message, cause);
    }
}
