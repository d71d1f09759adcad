package org.hermesml.training.dense;

/** Weights of one layer, a row for each input, and for the way back a row for each output. */
final class LayerWeights {
    /** Rows that are turned round together: one look at a column serves them all. */
    private static final int STRIP = 4;

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
        int i = 0;
        for (; i + STRIP <= byInput.length; i += STRIP) {
            float[] first = byInput[i];
            float[] second = byInput[i + 1];
            float[] third = byInput[i + 2];
            float[] fourth = byInput[i + 3];
            for (int o = 0; o < byOutput.length; o++) {
                float[] into = byOutput[o];
                into[i] = first[o];
                into[i + 1] = second[o];
                into[i + 2] = third[o];
                into[i + 3] = fourth[o];
            }
        }
        for (; i < byInput.length; i++) {
            for (int o = 0; o < byOutput.length; o++) {
                byOutput[o][i] = byInput[i][o];
            }
        }
    }

    /** Copies the flat parameters to {@code into} from {@code offset} on. */
    void read(float[] into, int offset) {
        int inputs = layer.inputs();
        int outputs = layer.outputs();
        int i = 0;
        for (; i + STRIP <= inputs; i += STRIP) {
            float[] first = byInput[i];
            float[] second = byInput[i + 1];
            float[] third = byInput[i + 2];
            float[] fourth = byInput[i + 3];
            for (int o = 0, at = offset + i; o < outputs; o++, at += inputs) {
                into[at] = first[o];
                into[at + 1] = second[o];
                into[at + 2] = third[o];
                into[at + 3] = fourth[o];
            }
        }
        for (; i < inputs; i++) {
            for (int o = 0; o < outputs; o++) {
                into[offset + o * inputs + i] = byInput[i][o];
            }
        }
        if (layer.bias()) {
            System.arraycopy(bias, 0, into, offset + inputs * outputs, outputs);
        }
    }

    /** Takes the flat parameters from {@code from}, which begin at {@code offset}. */
    void write(float[] from, int offset) {
        int inputs = layer.inputs();
        int outputs = layer.outputs();
        int i = 0;
        for (; i + STRIP <= inputs; i += STRIP) {
            float[] first = byInput[i];
            float[] second = byInput[i + 1];
            float[] third = byInput[i + 2];
            float[] fourth = byInput[i + 3];
            for (int o = 0, at = offset + i; o < outputs; o++, at += inputs) {
                first[o] = from[at];
                second[o] = from[at + 1];
                third[o] = from[at + 2];
                fourth[o] = from[at + 3];
            }
        }
        for (; i < inputs; i++) {
            for (int o = 0; o < outputs; o++) {
                byInput[i][o] = from[offset + o * inputs + i];
            }
        }
        if (layer.bias()) {
            System.arraycopy(from, offset + inputs * outputs, bias, 0, outputs);
        }
        turn();
    }
}
