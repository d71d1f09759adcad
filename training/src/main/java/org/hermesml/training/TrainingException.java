package org.hermesml.training;

/**
 * Local training cannot go on, for instance because the loss became NaN. The message says why in
 * one sentence.
 */
public final class TrainingException extends RuntimeException {
    public TrainingException(String message) {
        super(message);
    }

    /**
     * @param loss NaN or infinite
     * @param step from 1
     * @param epoch from 0
     */
    public static TrainingException of(double loss, long step, int epoch) {
        return new TrainingException(
                "The training loss became "
                        + loss
                        + " in step "
                        + step
                        + " (epoch "
                        + (epoch + 1)
                        + "): the learning rate is too high for this model and data, or a feature is"
                        + " out of range.");
    }
}
