package org.hermesml.core.merge;

import org.hermesml.core.message.Admitted;
import org.hermesml.core.message.MergeKind;
import org.hermesml.core.message.RoundClosed;

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
    private float[] velocity;
    private boolean initialTouched;
    private boolean sumTouched;

    /**
     * @param weights of the newest version
     * @param initial of version 0; kept by {@code official} only
     * @param sum the loss-weighted gradient sum of {@code official}
     * @param round weighted mean of the open round's held updates
     * @param velocity of the model, where the merge has momentum
     */
    public SliceModel(
            float[] weights, float[] initial, float[] sum, float[] round, float[] velocity) {
        this.weights = weights;
        this.initial = initial;
        this.sum = sum;
        this.round = round;
        this.velocity = velocity;
    }

    /** Before version 0. */
    public static SliceModel empty() {
        return new SliceModel(null, null, null, null, null);
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
            case AVERAGE -> move(present(weights), update, c);
            case ADD -> add(update, c, 0);
            case LOSS_WEIGHTED_SUM -> lossWeightedSum(update, c, learningRate);
            default ->
                    throw new IllegalStateException(
                            "A verdict of kind " + verdict.getKind() + " merges nothing.");
        }
    }

    /**
     * Takes a held update into the weighted mean of the open round.
     *
     * @param update of the same length as the slice; not kept
     * @param weightBefore sum of the weights of the updates taken in before it
     */
    public void hold(float[] update, double weight, double weightBefore) {
        if (round == null) {
            round = new float[update.length];
        }
        // As a step of the mean and not as a sum: the mean of equal updates is that update,
        // exactly.
        move(round, update, weight / (weightBefore + weight));
    }

    /**
     * Ends the round.
     *
     * @param totalWeight sum of the weights of all its updates
     */
    public void closeRound(RoundClosed verdict, double totalWeight) {
        float[] mean = present(round);
        round = null;
        double momentum = verdict.getMomentum();
        switch (verdict.getKind()) {
            case ADD -> {
                double c = verdict.getCoefficient() * totalWeight / verdict.getDivisor();
                add(mean, c, momentum);
            }
            case MERGE_KIND_UNSPECIFIED -> {
                if (momentum == 0) {
                    weights = mean;
                } else {
                    moveTowards(mean, 1, momentum);
                }
            }
            default ->
                    throw new IllegalStateException(
                            "A round of kind " + verdict.getKind() + " merges nothing.");
        }
    }

    /** Whether {@link #closeRound} needs the weights of the version before. */
    public static boolean needsWeights(RoundClosed verdict) {
        return verdict.getKind() == MergeKind.ADD || verdict.getMomentum() != 0;
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

    /** Null while no merge had momentum. */
    public float[] velocity() {
        return velocity;
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
        move(sum, gradients, c);
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

    /** weights += c * (target - weights), with momentum where there is one. */
    private void moveTowards(float[] target, double c, double momentum) {
        float[] values = present(weights);
        if (momentum == 0) {
            move(values, target, c);
            return;
        }
        sameLength(values, target);
        float[] v = velocityOf(values.length);
        float kept = (float) momentum;
        float share = (float) c;
        for (int i = 0; i < values.length; i++) {
            v[i] = kept * v[i] + share * (target[i] - values[i]);
            values[i] += v[i];
        }
    }

    /** weights += c * summand, with momentum where there is one. */
    private void add(float[] summand, double c, double momentum) {
        float[] values = present(weights);
        sameLength(values, summand);
        float factor = (float) c;
        if (momentum == 0) {
            for (int i = 0; i < values.length; i++) {
                values[i] += factor * summand[i];
            }
            return;
        }
        float[] v = velocityOf(values.length);
        float kept = (float) momentum;
        for (int i = 0; i < values.length; i++) {
            v[i] = kept * v[i] + factor * summand[i];
            values[i] += v[i];
        }
    }

    private float[] velocityOf(int length) {
        if (velocity == null) {
            velocity = new float[length];
        }
        return velocity;
    }

    /**
     * In float: a loop that goes to double and back takes thirty times as long, and rounds at the
     * end all the same.
     */
    private static void move(float[] values, float[] target, double c) {
        sameLength(values, target);
        if (c == 1) {
            System.arraycopy(target, 0, values, 0, values.length);
            return;
        }
        float share = (float) c;
        for (int i = 0; i < values.length; i++) {
            values[i] += share * (target[i] - values[i]);
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
