package org.hermesml.core.merge;

import org.hermesml.core.message.Admitted;

/**
 * The parameters of one slice of the global model, and what the merge keeps beside them. Owns its
 * arrays; absent pieces are null. Plain Java loops in log order: the same verdicts and slices give
 * the same bits on every machine.
 */
public final class SliceModel {
    private float[] weights;
    private float[] initial;
    private float[] sum;
    private float[] round;
    private boolean initialTouched;
    private boolean sumTouched;

    /**
     * @param weights of the newest version
     * @param initial of version 0; kept by {@code official} only
     * @param sum the loss-weighted gradient sum of {@code official}
     * @param round weighted sum of the open round's held updates
     */
    public SliceModel(float[] weights, float[] initial, float[] sum, float[] round) {
        this.weights = weights;
        this.initial = initial;
        this.sum = sum;
        this.round = round;
    }

    /** Before version 0. */
    public static SliceModel empty() {
        return new SliceModel(null, null, null, null);
    }

    /**
     * Merges one update by itself.
     *
     * @param update of the same length as the slice; not kept
     * @param learningRate used by {@code LOSS_WEIGHTED_SUM} only
     * @throws IllegalStateException when there is no model yet and the verdict does not bring one
     */
    public void admit(Admitted verdict, float[] update, double learningRate) {
        double c = verdict.getCoefficient();
        switch (verdict.getKind()) {
            case REPLACE -> weights = update.clone();
            case AVERAGE -> moveTowards(present(weights), update, c);
            case ADD -> add(present(weights), update, c);
            case LOSS_WEIGHTED_SUM -> lossWeightedSum(update, c, learningRate);
            default ->
                    throw new IllegalStateException(
                            "A verdict of kind " + verdict.getKind() + " merges nothing.");
        }
    }

    /** Adds a held update to the open round. */
    public void hold(float[] update, double weight) {
        if (round == null) {
            round = new float[update.length];
        }
        add(round, update, weight);
    }

    /** Ends the round: the weighted mean of its updates becomes the model. */
    public void closeRound(double totalWeight) {
        float[] mean = present(round);
        for (int i = 0; i < mean.length; i++) {
            mean[i] = (float) (mean[i] / totalWeight);
        }
        weights = mean;
        round = null;
    }

    public float[] weights() {
        return weights;
    }

    public float[] initial() {
        return initial;
    }

    public float[] sum() {
        return sum;
    }

    public float[] round() {
        return round;
    }

    /** Whether {@link #initial()} or {@link #sum()} changed since construction. */
    public boolean initialChanged() {
        return initialTouched;
    }

    public boolean sumChanged() {
        return sumTouched;
    }

    private void lossWeightedSum(float[] gradients, double c, double learningRate) {
        if (initial == null) {
            initial = present(weights).clone();
            initialTouched = true;
        }
        if (sum == null) {
            sum = new float[gradients.length];
        }
        sumTouched = true;
        moveTowards(sum, gradients, c);
        weights = new float[sum.length];
        descend(initial, sum, learningRate, weights);
    }

    /**
     * The model that {@code official} makes of a gradient sum: initial - learning rate * sum.
     *
     * @param into takes the result; may be {@code sum} itself; all three of one length
     */
    public static void descend(float[] initial, float[] sum, double learningRate, float[] into) {
        for (int i = 0; i < into.length; i++) {
            into[i] = (float) (initial[i] - learningRate * sum[i]);
        }
    }

    private static void moveTowards(float[] values, float[] target, double c) {
        sameLength(values, target);
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (values[i] + c * ((double) target[i] - values[i]));
        }
    }

    private static void add(float[] values, float[] summand, double c) {
        sameLength(values, summand);
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (values[i] + c * summand[i]);
        }
    }

    private static void sameLength(float[] a, float[] b) {
        if (a.length != b.length) {
            throw new IllegalStateException(
                    "A slice of " + b.length + " parameters cannot merge into one of " + a.length);
        }
    }

    private static float[] present(float[] values) {
        if (values == null) {
            throw new IllegalStateException("There is no model to merge into yet.");
        }
        return values;
    }
}
