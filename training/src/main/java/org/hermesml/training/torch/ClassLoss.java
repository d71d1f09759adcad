package org.hermesml.training.torch;

/**
 * Cross entropy of a module's outputs and its slope. Outputs are logits, or log-probabilities,
 * which are logits already in order and give the same; or probabilities.
 */
enum ClassLoss {
    LOGITS {
        @Override
        double row(float[] outputs, int from, int classes, int label, float[] slope, int batch) {
            float highest = outputs[from];
            for (int j = 1; j < classes; j++) {
                highest = Math.max(highest, outputs[from + j]);
            }
            double sum = 0;
            for (int j = 0; j < classes; j++) {
                sum += Math.exp(outputs[from + j] - highest);
            }
            if (slope != null) {
                for (int j = 0; j < classes; j++) {
                    double share = Math.exp(outputs[from + j] - highest) / sum;
                    slope[from + j] = (float) ((share - (j == label ? 1 : 0)) / batch);
                }
            }
            return Math.log(sum) + highest - outputs[from + label];
        }
    },
    PROBABILITIES {
        @Override
        double row(float[] outputs, int from, int classes, int label, float[] slope, int batch) {
            double told = Math.max(outputs[from + label], SMALLEST);
            if (slope != null) {
                java.util.Arrays.fill(slope, from, from + classes, 0);
                slope[from + label] = (float) (-1 / (told * batch));
            }
            return Float.isNaN(outputs[from + label]) ? Double.NaN : -Math.log(told);
        }
    };

    /** A probability below it counts as this much. */
    private static final double SMALLEST = 1e-7;

    private static final double TOLERANCE = 1e-4;

    /**
     * Tells from outputs for inputs without meaning: rows of positive numbers that add up to 1 are
     * probabilities.
     *
     * @param outputs {@code [rows, classes]}
     */
    static ClassLoss of(float[] outputs, int classes) {
        for (int from = 0; from < outputs.length; from += classes) {
            double sum = 0;
            for (int j = 0; j < classes; j++) {
                if (!(outputs[from + j] >= 0)) {
                    return LOGITS;
                }
                sum += outputs[from + j];
            }
            if (Math.abs(sum - 1) > TOLERANCE) {
                return LOGITS;
            }
        }
        return PROBABILITIES;
    }

    /**
     * Loss summed over the rows.
     *
     * @param outputs {@code [rows, classes]}
     * @param slope takes the slope of the mean loss, as long as {@code outputs}; or null
     */
    double sum(float[] outputs, int[] labels, float[] slope) {
        int classes = outputs.length / labels.length;
        double sum = 0;
        for (int i = 0; i < labels.length; i++) {
            sum += row(outputs, i * classes, classes, labels[i], slope, labels.length);
        }
        return sum;
    }

    abstract double row(
            float[] outputs, int from, int classes, int label, float[] slope, int batch);
}
