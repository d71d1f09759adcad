package org.hermesml.training.dense;

import java.util.List;

/** Forward and backward through the layers, with what must be kept between the two. */
final class Passes {
    private final LayerWeights[] layers;

    /** Input of each layer but the first. */
    private final SparseRows[] inputs;

    private final SparseColumns[] columns;
    private final SparseRows error = new SparseRows(1, 0);
    private final SoftmaxLoss loss;

    /** {@code [layer][sample][outputs]} */
    private final float[][][] outputs;

    private final float[][][] errors;
    private int[] consecutive = new int[0];

    Passes(List<LayerWeights> layers, SoftmaxLoss loss) {
        this.layers = layers.toArray(new LayerWeights[0]);
        this.loss = loss;
        int depth = this.layers.length;
        inputs = new SparseRows[depth];
        columns = new SparseColumns[depth];
        outputs = new float[depth][0][];
        errors = new float[depth][0][];
        for (int l = 0; l < depth; l++) {
            inputs[l] = new SparseRows(1, 0);
            columns[l] = new SparseColumns(this.layers[l].layer().inputs());
        }
        room(1);
    }

    /** Makes room for mini-batches of this size. */
    void room(int size) {
        if (consecutive.length >= size) {
            return;
        }
        consecutive = new int[size];
        for (int i = 0; i < size; i++) {
            consecutive[i] = i;
        }
        for (int l = 0; l < layers.length; l++) {
            outputs[l] = new float[size][layers[l].layer().outputs()];
            errors[l] = new float[size][layers[l].layer().outputs()];
        }
    }

    /** Probabilities of the classes for row {@code row}; good until the next call. */
    float[] probabilities(SparseRows samples, int row) {
        clear();
        return forward(samples, row, 0);
    }

    /**
     * One step of the optimiser.
     *
     * @param chosen rows of {@code samples}, {@code count} of them
     * @return mean loss before the step
     */
    double step(SparseRows samples, int[] chosen, int[] classes, int count, double learningRate) {
        clear();
        int last = layers.length - 1;
        double sum = 0;
        for (int s = 0; s < count; s++) {
            float[] probabilities = forward(samples, chosen[s], s);
            sum += loss.of(probabilities, classes[s]);
            System.arraycopy(probabilities, 0, errors[last][s], 0, probabilities.length);
            errors[last][s][classes[s]] -= 1;
            for (int l = last; l > 0; l--) {
                backward(l, s);
            }
        }
        float factor = (float) (-learningRate / count);
        for (int l = 0; l <= last; l++) {
            update(l, l == 0 ? samples : inputs[l], l == 0 ? chosen : consecutive, count, factor);
        }
        return sum / count;
    }

    private void clear() {
        for (SparseRows input : inputs) {
            input.clear();
        }
    }

    private float[] forward(SparseRows samples, int row, int s) {
        int last = layers.length - 1;
        for (int l = 0; l <= last; l++) {
            float[] output = outputs[l][s];
            System.arraycopy(layers[l].bias(), 0, output, 0, output.length);
            if (l == 0) {
                samples.multiplyAdd(row, layers[l].byInput(), output);
            } else {
                inputs[l].multiplyAdd(s, layers[l].byInput(), output);
            }
            if (l < last) {
                layers[l].layer().activation().apply(output);
                inputs[l + 1].add(output);
            }
        }
        SoftmaxLoss.softmax(outputs[last][s]);
        return outputs[last][s];
    }

    private void backward(int l, int s) {
        error.clear();
        error.add(errors[l][s]);
        float[] before = errors[l - 1][s];
        java.util.Arrays.fill(before, 0);
        error.multiplyAdd(0, layers[l].byOutput(), before);
        layers[l - 1].layer().activation().chain(before, outputs[l - 1][s]);
    }

    private void update(int l, SparseRows input, int[] rows, int count, float factor) {
        columns[l].fill(input, rows, count, factor);
        columns[l].multiplyAdd(errors[l], layers[l].byInput());
        if (layers[l].layer().bias()) {
            for (int s = 0; s < count; s++) {
                Rows.add(layers[l].bias(), factor, errors[l][s]);
            }
        }
        layers[l].turn();
    }
}
