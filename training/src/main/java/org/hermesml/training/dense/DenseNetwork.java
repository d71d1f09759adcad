package org.hermesml.training.dense;

import java.util.List;

/**
 * A classifier of dense layers in a row, with softmax and cross entropy at its end, trained by
 * plain SGD.
 *
 * @param layers the last one's activation is of no account: softmax
 * @param clip probabilities are kept this far from 0 and 1 before their logarithm is taken
 * @param parameters flat, layer by layer: weights {@code [outputs, inputs]}, then the bias {@code
 *     [outputs]} where there is one
 */
public record DenseNetwork(
        List<Layer> layers, double learningRate, double clip, float[] parameters) {
    /** Of a layer: as many as the engine can number. */
    public static final int MOST_INPUTS = SparseRows.WIDEST;

    public record Layer(int inputs, int outputs, boolean bias, Activation activation) {
        int parameterCount() {
            return Math.addExact(Math.multiplyExact(inputs, outputs), bias ? outputs : 0);
        }
    }
}
