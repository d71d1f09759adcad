package org.hermesml.benchmarks;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.hermesml.training.Samples;
import org.hermesml.training.torch.TorchModels;
import org.hermesml.training.torch.TorchRuntime;

/**
 * PyTorch's own speed: its forward and backward pass, its loss and its step, on one mini-batch that
 * is a tensor already. Nothing of ours runs in it.
 */
final class BareTorch implements Contender {
    static final String NAME = "bare PyTorch";
    private static final float LEARNING_RATE = 0.01f;

    private final PtNDManager manager;
    private final PtSymbolBlock block;
    private final NDList parameters;
    private final PtNDArray[] gradients;
    private final NDArray features;
    private final NDArray labels;
    private final PtNDArray one;

    BareTorch(Net net, Samples samples, int miniBatch) {
        TorchRuntime.start(1);
        manager = (PtNDManager) Engine.getEngine("PyTorch").newBaseManager(Device.cpu());
        int[] shape = samples.featureShape();
        block = load(TorchModels.make(net.model(), shape, Net.CLASSES, 1));
        parameters = JniUtils.moduleGetParams(block, manager);
        gradients = new PtNDArray[parameters.size()];
        int count = samples.featureCount();
        float[] values = new float[miniBatch * count];
        long[] classes = new long[miniBatch];
        for (int i = 0; i < miniBatch; i++) {
            samples.features(i, values, i * count);
            classes[i] = samples.label(i);
        }
        Shape batch = new Shape(miniBatch, shape[0], shape[1], shape[2]);
        features = manager.create(FloatBuffer.wrap(values), batch, DataType.FLOAT32);
        labels = manager.create(LongBuffer.wrap(classes), new Shape(miniBatch, 1), DataType.INT64);
        one = (PtNDArray) manager.create(1f);
    }

    private PtSymbolBlock load(byte[] model) {
        try {
            Path file = Files.createTempFile("bench", ".pt");
            try {
                Files.write(file, model);
                return JniUtils.loadModule(
                        manager, file, false, new String[0], new String[0], true);
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void train(int steps) {
        JniUtils.setGradMode(true);
        JniUtils.enableTrainingMode(block);
        for (int step = 0; step < steps; step++) {
            try (PtNDManager here = (PtNDManager) manager.newSubManager()) {
                features.attach(here);
                NDArray output = IValueUtils.forward(block, new NDList(features), true).get(0);
                NDArray loss = output.logSoftmax(1).gather(labels, 1).neg().mean();
                JniUtils.backward((PtNDArray) loss, one, false, false);
                features.attach(manager);
            }
            for (int i = 0; i < gradients.length; i++) {
                PtNDArray parameter = (PtNDArray) parameters.get(i);
                if (gradients[i] == null) {
                    gradients[i] = JniUtils.getGradient(parameter);
                }
                JniUtils.sgdUpdate(parameter, gradients[i], null, LEARNING_RATE, 0, 1, -1, 0);
                JniUtils.zeroGrad(parameter);
            }
        }
    }

    @Override
    public void evaluate(int batches) {
        JniUtils.setGradMode(false);
        JniUtils.enableInferenceMode(block);
        for (int i = 0; i < batches; i++) {
            IValueUtils.forward(block, new NDList(features), true).close();
        }
    }

    @Override
    public void close() {
        manager.close();
    }
}
