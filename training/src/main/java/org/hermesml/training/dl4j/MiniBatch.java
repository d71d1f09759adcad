package org.hermesml.training.dl4j;

import java.util.Arrays;
import org.bytedeco.javacpp.FloatPointer;
import org.hermesml.training.Batches;
import org.hermesml.training.Samples;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Native arrays for one mini-batch of one size, filled again and again. */
final class MiniBatch implements Batches.Batch {
    private final InputForm form;
    private final int outputs;
    private final float[] featureValues;
    private final float[] labelValues;
    private final int[] classes;
    private final INDArray features;
    private final INDArray labels;

    MiniBatch(InputForm form, int size) {
        this.form = form;
        this.outputs = form.outputs();
        this.featureValues = new float[size * form.featureCount()];
        this.labelValues = new float[size * outputs];
        this.classes = new int[size];
        this.features = Nd4j.createUninitialized(DataType.FLOAT, form.batchShape(size), 'c');
        this.labels = Nd4j.createUninitialized(DataType.FLOAT, new long[] {size, outputs}, 'c');
    }

    @Override
    public int size() {
        return classes.length;
    }

    @Override
    public void fill(Samples samples, int[] positions, int first) {
        Arrays.fill(labelValues, 0);
        for (int i = 0; i < classes.length; i++) {
            int position = positions == null ? first + i : positions[first + i];
            form.put(samples, position, featureValues, i * form.featureCount());
            classes[i] = samples.label(position);
            if (outputs == 1) {
                labelValues[i] = classes[i];
            } else {
                labelValues[i * outputs + classes[i]] = 1;
            }
        }
        put(featureValues, features);
        put(labelValues, labels);
    }

    INDArray features() {
        return features;
    }

    INDArray labels() {
        return labels;
    }

    int[] classes() {
        return classes;
    }

    static void put(float[] from, INDArray into) {
        pointer(into).put(from, 0, from.length);
    }

    static void get(INDArray from, float[] into) {
        pointer(from).get(into, 0, into.length);
    }

    private static FloatPointer pointer(INDArray array) {
        FloatPointer pointer = (FloatPointer) array.data().pointer();
        // a pointer of its own: the position of the shared one is no business of a copy
        return new FloatPointer(pointer).position(array.offset());
    }

    @Override
    public void close() {
        features.close();
        labels.close();
    }
}
