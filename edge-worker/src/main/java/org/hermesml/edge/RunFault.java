package org.hermesml.edge;

/**
 * This process can take no further part in a run; others are not concerned. The message is one
 * sentence.
 */
public final class RunFault extends RuntimeException {
    public RunFault(String message) {
        super(message);
    }

    public RunFault(String message, Throwable cause) {
        super(message, cause);
    }
}
