package org.hermesml.training;

/**
 * Local training cannot go on, for instance because the loss became NaN. The message says why in
 * one sentence.
 */
public final class TrainingException extends RuntimeException {
    private final double loss;
    private final long step;
    private final int epoch;

    public TrainingException(String message) {
        this(message, Double.NaN, 0, 0);
    }

    private TrainingException(String message, double loss, long step, int epoch) {
        super(message);
        this.loss = loss;
        this.step = step;
        this.epoch = epoch;
    }

    /**
     * @param loss NaN or infinite
     * @param step from 1
     * @param epoch from 0
     */
    public static TrainingException of(double loss, long step, int epoch) {
        return of(loss, step, epoch, "");
    }

    private static TrainingException of(double loss, long step, int epoch, String bout) {
        return new TrainingException(
                "The training loss became "
                        + loss
                        + " in step "
                        + step
                        + " (epoch "
                        + (epoch + 1)
                        + ")"
                        + bout
                        + ": the learning rate is too high for this model and data (lower it with"
                        + " --learning-rate), or a feature is out of range.",
                loss,
                step,
                epoch);
    }

    /**
     * @param heldOutLoss of what training ended with
     * @param bout such as {@code iteration 7}
     * @throws TrainingException where the weights that it ended with are no numbers, though each of
     *     its losses was one
     */
    public static void checkWeights(double heldOutLoss, String bout) {
        if (!Double.isFinite(heldOutLoss)) {
            throw ofWeights(heldOutLoss, bout);
        }
    }

    private static TrainingException ofWeights(double heldOutLoss, String bout) {
        return new TrainingException(
                "The held-out loss became "
                        + heldOutLoss
                        + " after "
                        + bout
                        + ": the learning rate is too high for this model and data (lower it with"
                        + " --learning-rate), or a feature is out of range.",
                heldOutLoss,
                1,
                0);
    }

    /** Whether training gave a loss that is no number, so that it would again. */
    public boolean isDivergence() {
        return step > 0;
    }

    /**
     * The same of a bout that is not the first of its iteration.
     *
     * @param steps before the bout
     * @param epochs before the bout
     */
    public TrainingException after(long steps, int epochs) {
        return step == 0 ? this : of(loss, step + steps, epoch + epochs);
    }

    /**
     * The same with the name of the bout.
     *
     * @param bout such as {@code iteration 7}
     */
    public TrainingException in(String bout) {
        return step == 0 ? this : of(loss, step, epoch, " of " + bout);
    }
}
