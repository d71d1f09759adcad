package org.hermesml.training;

import org.hermesml.training.Engine.Evaluation;

/** Adds up an evaluation, batch by batch. */
public final class Tally {
    private double loss;
    private int right;
    private int samples;

    /**
     * @param loss summed over the batch
     * @param outputs {@code [count, width]}: one number for each class, the likeliest class with
     *     the highest; or one alone, the probability of the second of two classes
     * @param labels of the batch; more than {@code count} may lie there
     */
    public void add(double loss, float[] outputs, int[] labels, int count) {
        this.loss += loss;
        int width = outputs.length / count;
        for (int i = 0; i < count; i++) {
            right += likeliest(outputs, i * width, width) == labels[i] ? 1 : 0;
        }
        samples += count;
    }

    /** The likeliest class, the first of several; -1 where the outputs are no numbers. */
    private static int likeliest(float[] outputs, int from, int width) {
        if (width == 1) {
            return Float.isNaN(outputs[from]) ? -1 : outputs[from] > 0.5 ? 1 : 0;
        }
        int likeliest = 0;
        for (int j = 1; j < width; j++) {
            if (outputs[from + j] > outputs[from + likeliest]) {
                likeliest = j;
            }
        }
        return Float.isNaN(outputs[from + likeliest]) ? -1 : likeliest;
    }

    /** Of all batches so far. */
    public Evaluation evaluation() {
        return new Evaluation(loss / samples, (double) right / samples, samples);
    }
}
