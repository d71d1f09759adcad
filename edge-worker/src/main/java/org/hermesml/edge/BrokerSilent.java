package org.hermesml.edge;

/**
 * The broker does not answer just now; the same may be tried again. The message is one sentence.
 */
public final class BrokerSilent extends RuntimeException {
    public BrokerSilent(String message) {
        super(message);
    }

    public BrokerSilent(String message, Throwable cause) {
        super(message, cause);
    }
}
