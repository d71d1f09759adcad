package org.hermesml.training.dense;

/**
 * Softmax with cross entropy. {@link StrictMath}, because {@link Math} may differ in the last bit
 * from machine to machine.
 *
 * @param clip probabilities are kept this far from 0 and 1 before their logarithm is taken
 */
record SoftmaxLoss(double clip) {
    /** Replaces sums by probabilities; all NaN where a sum is NaN or infinite. */
    static void softmax(float[] values) {
        float highest = values[0];
        for (float value : values) {
            highest = Math.max(highest, value);
        }
        float sum = 0;
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) StrictMath.exp(values[i] - highest);
            sum += values[i];
        }
        for (int i = 0; i < values.length; i++) {
            values[i] /= sum;
        }
    }

    double of(float[] probabilities, int label) {
        double probability = probabilities[label];
        if (clip > 0) {
            probability = Math.max(clip, Math.min(1 - clip, probability));
        }
        return -StrictMath.log(probability);
    }
}
