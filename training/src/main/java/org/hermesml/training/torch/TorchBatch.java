package org.hermesml.training.torch;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import org.hermesml.training.Batches;
import org.hermesml.training.Samples;

/** Memory for one mini-batch of one size, filled again and again; torch works on it in place. */
final class TorchBatch implements Batches.Batch {
    private final PtNDManager manager;
    private final int featureCount;
    private final float[] sample;
    private final int[] classes;
    private final FloatBuffer features;
    private final FloatBuffer slopes;
    private final PtNDArray input;
    private final PtNDArray gradient;
    private final float[] outputs;

    /** Whether the module's outputs lie in row-major order; null until one was seen. */
    private Boolean inOrder;

    /**
     * @param shape of one sample as the module takes it
     */
    TorchBatch(PtNDManager parent, int[] shape, int classCount, int size) {
        this.manager = (PtNDManager) parent.newSubManager();
        long[] batch = new long[shape.length + 1];
        batch[0] = size;
        int count = 1;
        for (int i = 0; i < shape.length; i++) {
            batch[i + 1] = shape[i];
            count *= shape[i];
        }
        this.featureCount = count;
        this.sample = new float[count];
        this.classes = new int[size];
        this.outputs = new float[size * classCount];
        ByteBuffer featureBytes = bytes(size * count);
        ByteBuffer slopeBytes = bytes(size * classCount);
        this.features = featureBytes.asFloatBuffer();
        this.slopes = slopeBytes.asFloatBuffer();
        this.input = manager.create(featureBytes, new Shape(batch), DataType.FLOAT32);
        this.gradient = manager.create(slopeBytes, new Shape(size, classCount), DataType.FLOAT32);
    }

    @Override
    public int size() {
        return classes.length;
    }

    @Override
    public void fill(Samples samples, int[] positions, int first) {
        for (int i = 0; i < classes.length; i++) {
            int position = positions == null ? first + i : positions[first + i];
            samples.features(position, sample, 0);
            features.put(i * featureCount, sample, 0, featureCount);
            classes[i] = samples.label(position);
        }
    }

    /** Numbers of no meaning, the same each time. */
    void fillWithNoise(java.util.SplittableRandom random) {
        for (int i = 0; i < features.capacity(); i++) {
            features.put(i, (float) random.nextDouble());
        }
    }

    /** Forward pass in the module's present mode; the caller closes the list. */
    NDList forward(PtSymbolBlock block) {
        return IValueUtils.forward(block, new NDList(input), true);
    }

    /**
     * Copies the outputs, {@code [size, classes]}, into an array of this batch.
     *
     * @param output of {@link #forward}
     */
    float[] read(PtNDArray output) {
        if (inOrder == null) {
            // a view of an output that lies in another order is one of a copy, which would stay
            int before = manager.getManagedArrays().size();
            JniUtils.getByteBuffer(output, true);
            inOrder = manager.getManagedArrays().size() == before;
        }
        JniUtils.getByteBuffer(output, inOrder).asFloatBuffer().get(0, outputs);
        return outputs;
    }

    /**
     * Backward pass.
     *
     * @param slope of the loss with respect to each output
     */
    void backward(PtNDArray output, float[] slope) {
        slopes.put(0, slope);
        JniUtils.backward(output, gradient, false, false);
    }

    int[] classes() {
        return classes;
    }

    private static ByteBuffer bytes(int floats) {
        return ByteBuffer.allocateDirect(4 * floats).order(ByteOrder.nativeOrder());
    }

    @Override
    public void close() {
        manager.close();
    }
}
