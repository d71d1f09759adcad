package org.hermesml.training.dense;

/** Weights of one layer, a row for each input, and for the way back a row for each output. */
final class LayerWeights {
    /** Side of the squares in which a matrix is turned round: two of them fit the nearest cache. */
    private static final int SQUARE = 32;

    private final DenseNetwork.Layer layer;
    private final float[][] byInput;
    private final float[][] byOutput;
    private final float[] bias;

    /**
     * @param back whether errors must be passed on to a layer before
     */
    LayerWeights(DenseNetwork.Layer layer, boolean back) {
        this.layer = layer;
        this.byInput = new float[layer.inputs()][layer.outputs()];
        this.byOutput = back ? new float[layer.outputs()][layer.inputs()] : null;
        this.bias = new float[layer.outputs()];
    }

    DenseNetwork.Layer layer() {
        return layer;
    }

    float[][] byInput() {
        return byInput;
    }

    /** As of the last {@link #turn}. */
    float[][] byOutput() {
        return byOutput;
    }

    float[] bias() {
        return bias;
    }

    /** Brings the rows by output up to date. */
    void turn() {
        if (byOutput == null) {
            return;
        }
        for (int i0 = 0; i0 < layer.inputs(); i0 += SQUARE) {
            int i1 = Math.min(i0 + SQUARE, layer.inputs());
            for (int o = 0; o < layer.outputs(); o++) {
                float[] into = byOutput[o];
                for (int i = i0; i < i1; i++) {
                    into[i] = byInput[i][o];
                }
            }
        }
    }

    /** Copies the flat parameters to {@code into} from {@code offset} on. */
    void read(float[] into, int offset) {
        int inputs = layer.inputs();
        for (int i0 = 0; i0 < inputs; i0 += SQUARE) {
            int i1 = Math.min(i0 + SQUARE, inputs);
            for (int o = 0; o < layer.outputs(); o++) {
                int column = offset + o * inputs;
                for (int i = i0; i < i1; i++) {
                    into[column + i] = byInput[i][o];
                }
            }
        }
        if (layer.bias()) {
            System.arraycopy(bias, 0, into, offset + inputs * bias.length, bias.length);
        }
    }

    /** Takes the flat parameters from {@code from}, which begin at {@code offset}. */
    void write(float[] from, int offset) {
        int inputs = layer.inputs();
        for (int o0 = 0; o0 < layer.outputs(); o0 += SQUARE) {
            int o1 = Math.min(o0 + SQUARE, layer.outputs());
            for (int i = 0; i < inputs; i++) {
                float[] row = byInput[i];
                int at = offset + i;
                for (int o = o0; o < o1; o++) {
                    row[o] = from[at + o * inputs];
                }
            }
        }
        if (layer.bias()) {
            System.arraycopy(from, offset + inputs * bias.length, bias, 0, bias.length);
        }
        turn();
    }
}
