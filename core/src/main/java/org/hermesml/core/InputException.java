package org.hermesml.core;

/**
 * Bad input of a person: a setting, a file, an address. The message is one sentence that says what
 * was found, where, what is allowed and what to do. Hosts print it alone and exit with code 2.
 */
public final class InputException extends RuntimeException {
    public InputException(String message) {
        super(message);
    }

    public InputException(String message, Throwable cause) {
        super(message, cause);
    }
}
