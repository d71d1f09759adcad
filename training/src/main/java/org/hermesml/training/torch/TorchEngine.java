package org.hermesml.training.torch;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDList;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.JniUtils;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.hermesml.core.InputException;
import org.hermesml.training.Batches;
import org.hermesml.training.Bout;
import org.hermesml.training.Engine;
import org.hermesml.training.ModelDefinition;
import org.hermesml.training.Samples;
import org.hermesml.training.Tally;
import org.hermesml.training.TrainingException;

/**
 * A TorchScript module, trained by PyTorch's library with plain SGD on cross entropy.
 *
 * <p>The loop is a bare one: DJL's own trainer leaves batch normalisation and dropout in evaluation
 * mode. Loss and its slope are computed here, from outputs that are a few numbers for each sample.
 */
public final class TorchEngine implements Engine {
    private static final int PROBES = 3;

    private final PtNDManager manager;
    private final PtSymbolBlock block;
    private final ParameterViews parameters;
    private final float learningRate;
    private final Batches<TorchBatch> batches = new Batches<>();
    private ClassLoss loss;
    private float[] slope = new float[0];

    private TorchEngine(PtNDManager manager, PtSymbolBlock block, double learningRate) {
        this.manager = manager;
        this.block = block;
        this.parameters = new ParameterViews(block, manager);
        this.learningRate = (float) learningRate;
    }

    /**
     * The library must have been started.
     *
     * @throws InputException when the bytes are no model that can be trained here
     */
    public static TorchEngine open(ModelDefinition model, double learningRate) {
        PtNDManager manager =
                (PtNDManager)
                        ai.djl.engine.Engine.getEngine("PyTorch").newBaseManager(Device.cpu());
        try {
            return new TorchEngine(manager, TorchFile.read(model.bytes(), manager), learningRate);
        } catch (RuntimeException e) {
            manager.close();
            throw e;
        }
    }

    @Override
    public int parameterCount() {
        return parameters.count();
    }

    @Override
    public void readParameters(float[] into) {
        checkLength(into);
        parameters.read(into);
    }

    @Override
    public void writeParameters(float[] from) {
        checkLength(from);
        parameters.write(from);
    }

    @Override
    public TrainingResult train(
            Samples samples, int[] drawn, int epochs, int miniBatch, long seed) {
        Bout bout = new Bout(drawn, epochs, miniBatch, seed);
        fit(samples.featureShape(), samples.classCount());
        JniUtils.setSeed(bout.librarySeed());
        mode(true);
        try {
            return bout.run(
                    leastSamples(),
                    (order, first, count) -> step(batches.filled(samples, order, first, count)));
        } catch (EngineException e) {
            throw new TrainingException(
                    "PyTorch cannot train the model on these mini-batches: "
                            + TorchErrors.reason(e)
                            + ".");
        } finally {
            mode(false);
        }
    }

    /** One sample has no variance, by which batch normalisation could divide. */
    @Override
    public int leastSamples() {
        return parameters.hasStatistics() ? 2 : 1;
    }

    /** Returns the loss before the step. */
    private double step(TorchBatch batch) {
        try (NDList list = batch.forward(block)) {
            PtNDArray output = (PtNDArray) list.get(0);
            float[] outputs = batch.read(output);
            if (slope.length != outputs.length) {
                slope = new float[outputs.length];
            }
            double score = loss.sum(outputs, batch.classes(), slope) / batch.size();
            batch.backward(output, slope);
            parameters.step(learningRate);
            return score;
        }
    }

    @Override
    public Evaluation evaluate(Samples samples) {
        fit(samples.featureShape(), samples.classCount());
        mode(false);
        Tally tally = new Tally();
        batches.forEach(
                samples,
                batch -> {
                    float[] outputs = outputs(batch);
                    double sum = loss.sum(outputs, batch.classes(), null);
                    tally.add(sum, outputs, batch.classes(), batch.size());
                });
        return tally.evaluation();
    }

    /** What the module says of one sample, {@code [classes]}. */
    float[] outputs(Samples samples, int index) {
        fit(samples.featureShape(), samples.classCount());
        mode(false);
        return outputs(batches.filled(samples, null, index, 1)).clone();
    }

    private float[] outputs(TorchBatch batch) {
        try (NDList list = batch.forward(block)) {
            return batch.read((PtNDArray) list.get(0));
        }
    }

    @Override
    public byte[] save() {
        return TorchFile.write(block, parameters.hasStatistics());
    }

    @Override
    public void close() {
        batches.close();
        manager.close();
    }

    /**
     * Checks that samples of this kind can enter, and keeps how: in their own shape, or as a row of
     * numbers.
     *
     * @throws InputException when they cannot
     */
    public void fit(int[] featureShape, int classCount) {
        if (batches.areFor(featureShape, classCount)) {
            return;
        }
        mode(false);
        int[] flat = {Arrays.stream(featureShape).reduce(1, (a, b) -> a * b)};
        InputException refusal = probe(featureShape, featureShape, classCount);
        if (refusal != null
                && (featureShape.length == 1 || probe(flat, featureShape, classCount) != null)) {
            throw refusal;
        }
        int[] taken = refusal == null ? featureShape.clone() : flat;
        batches.bind(
                featureShape, classCount, size -> new TorchBatch(manager, taken, classCount, size));
    }

    /** Returns what is wrong; null where the module takes samples of this shape. */
    private InputException probe(int[] shape, int[] own, int classCount) {
        try (TorchBatch batch = new TorchBatch(manager, shape, classCount, PROBES)) {
            batch.fillWithNoise(new SplittableRandom(1));
            try (NDList list = batch.forward(block)) {
                long[] told = list.get(0).getShape().getShape();
                if (!Arrays.equals(told, new long[] {PROBES, classCount})) {
                    return new InputException(
                            "The model gives outputs of shape "
                                    + Arrays.toString(told)
                                    + " for "
                                    + PROBES
                                    + " samples where the data set has "
                                    + classCount
                                    + " classes: they must be "
                                    + Arrays.toString(new long[] {PROBES, classCount})
                                    + ".");
                }
                loss = ClassLoss.of(batch.read((PtNDArray) list.get(0)), classCount);
                return null;
            }
        } catch (EngineException e) {
            return new InputException(
                    "The model does not take the data set's samples of shape "
                            + Arrays.toString(own)
                            + " (channels first): "
                            + TorchErrors.reason(e)
                            + ".",
                    e);
        }
    }

    /** Both belong to the thread or the module, not to the call. */
    private void mode(boolean training) {
        TorchRuntime.useThreads();
        JniUtils.setGradMode(training);
        if (training) {
            JniUtils.enableTrainingMode(block);
        } else {
            JniUtils.enableInferenceMode(block);
        }
    }
}
