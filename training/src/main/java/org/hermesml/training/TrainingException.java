package org.hermesml.training;

/**
 * Local training cannot go on, for instance because the loss became NaN. The message says why in
 * one sentence.
 */
public final class TrainingException extends RuntimeException {
    public TrainingException(String message) {
        super(message);
    }
}
