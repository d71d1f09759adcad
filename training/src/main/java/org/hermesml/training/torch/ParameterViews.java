package org.hermesml.training.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.JniUtils;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.hermesml.core.InputException;

/**
 * A module's parameters as one flat vector, read and written in place: first those that are
 * trained, in the module's order, each in row-major order; then what batch normalisation has seen,
 * layer by layer, as mean / deviation and log(deviation).
 *
 * <p>In that form statistics can be averaged, added to and rounded with the rest: a deviation never
 * becomes negative or zero, and an error has the size that it has for the layer's output.
 */
final class ParameterViews {
    /** Keeps a channel that never varies, such as a border of black pixels, finite. */
    private static final double SMALLEST_VARIANCE = 1e-12;

    /** Running mean and variance of one layer, {@code [channels]} each. */
    private record Moments(FloatBuffer mean, FloatBuffer variance) {}

    private final List<PtNDArray> trained = new ArrayList<>();
    private final List<FloatBuffer> views = new ArrayList<>();
    private final List<Moments> moments = new ArrayList<>();
    private final PtNDArray[] gradients;
    private final int count;

    /**
     * @param manager owns what is made here
     * @throws InputException when there is nothing to train, or not in fp32
     */
    ParameterViews(PtSymbolBlock block, PtNDManager manager) {
        NDList all = JniUtils.moduleGetParams(block, manager);
        Map<String, PtNDArray> statistics = new LinkedHashMap<>();
        int sum = 0;
        for (NDArray one : all) {
            PtNDArray array = (PtNDArray) one;
            String name = array.getName();
            if (array.getDataType() != DataType.FLOAT32) {
                throw new InputException(
                        "The model keeps "
                                + name
                                + " as "
                                + array.getDataType()
                                + ": only float32 is allowed, save model.float().");
            }
            if (name.endsWith(Statistics.MEAN) || name.endsWith(Statistics.VARIANCE)) {
                array.setRequiresGradient(false);
                statistics.put(name, array);
            } else if (JniUtils.requiresGrad(array)) {
                trained.add(array);
                views.add(view(array));
                sum = Math.addExact(sum, Math.toIntExact(array.size()));
            }
        }
        if (trained.isEmpty()) {
            throw new InputException(
                    "The model has no parameter that can be trained: save it before it is frozen"
                            + " (torch.jit.freeze) and with requires_grad.");
        }
        for (Map.Entry<String, PtNDArray> entry : statistics.entrySet()) {
            if (entry.getKey().endsWith(Statistics.MEAN)) {
                PtNDArray variance =
                        statistics.get(
                                entry.getKey().replace(Statistics.MEAN, Statistics.VARIANCE));
                moments.add(new Moments(view(entry.getValue()), view(variance)));
                sum = Math.addExact(sum, Math.toIntExact(2 * variance.size()));
            }
        }
        this.gradients = new PtNDArray[trained.size()];
        this.count = sum;
    }

    /** Numbers in the flat vector. */
    int count() {
        return count;
    }

    boolean hasStatistics() {
        return !moments.isEmpty();
    }

    void read(float[] into) {
        int offset = 0;
        for (FloatBuffer view : views) {
            view.get(0, into, offset, view.capacity());
            offset += view.capacity();
        }
        for (Moments layer : moments) {
            int channels = layer.mean.capacity();
            for (int i = 0; i < channels; i++) {
                double deviation = Math.sqrt(Math.max(layer.variance.get(i), SMALLEST_VARIANCE));
                into[offset + i] = (float) (layer.mean.get(i) / deviation);
                into[offset + channels + i] = (float) Math.log(deviation);
            }
            offset += 2 * channels;
        }
    }

    void write(float[] from) {
        int offset = 0;
        for (FloatBuffer view : views) {
            view.put(0, from, offset, view.capacity());
            offset += view.capacity();
        }
        for (Moments layer : moments) {
            int channels = layer.mean.capacity();
            for (int i = 0; i < channels; i++) {
                double deviation = Math.exp(from[offset + channels + i]);
                layer.mean.put(i, (float) (from[offset + i] * deviation));
                layer.variance.put(i, (float) (deviation * deviation));
            }
            offset += 2 * channels;
        }
    }

    /** One step of plain SGD; gradients are zero after it. */
    void step(float learningRate) {
        for (int i = 0; i < gradients.length; i++) {
            PtNDArray parameter = trained.get(i);
            if (gradients[i] == null) {
                // stays the same from the first backward pass on, and is null where none came by
                gradients[i] = JniUtils.getGradient(parameter);
            }
            if (gradients[i] != null) {
                JniUtils.sgdUpdate(parameter, gradients[i], null, learningRate, 0, 1, -1, 0);
                JniUtils.zeroGrad(parameter);
            }
        }
    }

    private static FloatBuffer view(PtNDArray array) {
        return JniUtils.getByteBuffer(array, true).asFloatBuffer();
    }
}
