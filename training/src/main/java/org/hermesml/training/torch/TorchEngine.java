package org.hermesml.training.torch;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDList;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.JniUtils;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.hermesml.core.InputException;
import org.hermesml.training.Engine;
import org.hermesml.training.ModelDefinition;
import org.hermesml.training.Samples;
import org.hermesml.training.TrainingException;
import org.hermesml.training.data.Shuffle;

/**
 * A TorchScript module, trained by PyTorch's library with plain SGD on cross entropy.
 *
 * <p>The loop is a bare one: DJL's own trainer leaves batch normalisation and dropout in evaluation
 * mode. Loss and its slope are computed here, from outputs that are a few numbers for each sample.
 */
public final class TorchEngine implements Engine {
    /** Samples of one forward pass in an evaluation, and the numbers in them. */
    private static final int EVALUATION_BATCH = 256;

    private static final int EVALUATION_FEATURES = 256 * 28 * 28;

    /** Sizes whose memory is kept: the mini-batch, the rest of a pass, the same of evaluations. */
    private static final int KEPT_SIZES = 4;

    private static final int PROBES = 3;

    private final PtNDManager manager;
    private final PtSymbolBlock block;
    private final ParameterViews parameters;
    private final float learningRate;
    private final List<TorchBatch> batches = new ArrayList<>();
    private int[] boundShape;
    private int boundClasses;
    private int[] inputShape;
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
        if (drawn.length == 0 || epochs < 1 || miniBatch < 1) {
            throw new IllegalArgumentException(
                    "Nothing to train: "
                            + drawn.length
                            + " samples, "
                            + epochs
                            + " epochs, mini-batch "
                            + miniBatch);
        }
        fit(samples.featureShape(), samples.classCount());
        SplittableRandom random = new SplittableRandom(seed);
        JniUtils.setSeed(random.nextLong());
        int[] order = drawn.clone();
        double sum = 0;
        long steps = 0;
        int stepsOfPass = 0;
        mode(true);
        try {
            for (int epoch = 0; epoch < epochs; epoch++) {
                Shuffle.shuffle(order, random);
                sum = 0;
                stepsOfPass = 0;
                int size;
                for (int first = 0; first < order.length; first += size) {
                    size = size(order.length - first, miniBatch);
                    TorchBatch batch = batch(size);
                    batch.fill(samples, order, first);
                    double score = step(batch);
                    steps++;
                    stepsOfPass++;
                    if (!Double.isFinite(score)) {
                        throw TrainingException.of(score, steps, epoch);
                    }
                    sum += score;
                }
            }
        } catch (EngineException e) {
            throw new TrainingException(
                    "PyTorch cannot train the model on these mini-batches: "
                            + TorchErrors.reason(e)
                            + ".");
        } finally {
            mode(false);
        }
        return new TrainingResult(sum / stepsOfPass, steps);
    }

    /**
     * One sample has no variance, and torch refuses to normalise it: with batch normalisation a
     * last one by itself joins the mini-batch before it.
     */
    private int size(int left, int miniBatch) {
        return parameters.hasStatistics() && left == miniBatch + 1
                ? left
                : Math.min(left, miniBatch);
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
        int most =
                Math.min(
                        EVALUATION_BATCH,
                        Math.max(1, EVALUATION_FEATURES / samples.featureCount()));
        double sum = 0;
        int right = 0;
        for (int first = 0; first < samples.count(); first += most) {
            TorchBatch batch = batch(Math.min(most, samples.count() - first));
            float[] outputs = outputs(batch, samples, first);
            sum += loss.sum(outputs, batch.classes(), null);
            right += right(outputs, batch.classes());
        }
        return new Evaluation(
                sum / samples.count(), (double) right / samples.count(), samples.count());
    }

    /** What the module says of one sample, {@code [classes]}. */
    float[] outputs(Samples samples, int index) {
        fit(samples.featureShape(), samples.classCount());
        mode(false);
        return outputs(batch(1), samples, index).clone();
    }

    private float[] outputs(TorchBatch batch, Samples samples, int first) {
        batch.fill(samples, null, first);
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
        batches.forEach(TorchBatch::close);
        batches.clear();
        manager.close();
    }

    /**
     * Checks that samples of this kind can enter, and keeps how: in their own shape, or as a row of
     * numbers.
     *
     * @throws InputException when they cannot
     */
    public void fit(int[] featureShape, int classCount) {
        if (boundClasses == classCount && Arrays.equals(boundShape, featureShape)) {
            return;
        }
        batches.forEach(TorchBatch::close);
        batches.clear();
        mode(false);
        int[] flat = {Arrays.stream(featureShape).reduce(1, (a, b) -> a * b)};
        InputException refusal = probe(featureShape, featureShape, classCount);
        if (refusal != null
                && (featureShape.length == 1 || probe(flat, featureShape, classCount) != null)) {
            throw refusal;
        }
        boundShape = featureShape.clone();
        boundClasses = classCount;
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
                inputShape = shape.clone();
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

    private TorchBatch batch(int size) {
        for (TorchBatch batch : batches) {
            if (batch.size() == size) {
                return batch;
            }
        }
        if (batches.size() == KEPT_SIZES) {
            batches.remove(0).close();
        }
        TorchBatch batch = new TorchBatch(manager, inputShape, boundClasses, size);
        batches.add(batch);
        return batch;
    }

    private static int right(float[] outputs, int[] classes) {
        int width = outputs.length / classes.length;
        int right = 0;
        for (int i = 0; i < classes.length; i++) {
            int likeliest = 0;
            for (int j = 1; j < width; j++) {
                if (outputs[i * width + j] > outputs[i * width + likeliest]) {
                    likeliest = j;
                }
            }
            if (likeliest == classes[i] && !Float.isNaN(outputs[i * width + likeliest])) {
                right++;
            }
        }
        return right;
    }

    private void checkLength(float[] values) {
        if (values.length != parameterCount()) {
            throw new IllegalArgumentException(
                    "The model has " + parameterCount() + " parameters, not " + values.length);
        }
    }
}
