package org.hermesml.training.dl4j;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.hermesml.core.InputException;
import org.hermesml.training.Engine;
import org.hermesml.training.ModelDefinition;
import org.hermesml.training.Samples;
import org.hermesml.training.TrainingException;
import org.hermesml.training.data.Shuffle;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A Deeplearning4j network. */
public final class Dl4jEngine implements Engine {
    /** The weights in the order of the framework that the model came from. */
    private static final String WEIGHTS = "weights.npz";

    /**
     * Samples of one forward pass in an evaluation, and the numbers in them: more is no faster and
     * costs memory for every layer's output.
     */
    private static final int EVALUATION_BATCH = 256;

    private static final int EVALUATION_FEATURES = 256 * 28 * 28;

    /**
     * Sizes whose arrays are kept: the mini-batch, the rest of a pass, and the same two of an
     * evaluation.
     */
    private static final int KEPT_SIZES = 4;

    private final Network network;
    private final INDArray parameters;
    private final OutputLoss loss;
    private final Optional<byte[]> weightOrder;
    private final List<MiniBatch> batches = new ArrayList<>();
    private int[] boundShape;
    private int boundClasses;
    private InputForm form;

    private Dl4jEngine(Network network, Optional<byte[]> weightOrder) {
        this.network = network;
        this.weightOrder = weightOrder;
        this.parameters = network.parameters();
        this.loss = new OutputLoss(network.outputLayer());
    }

    /**
     * The library must have been started.
     *
     * @throws InputException when the bytes are no model that can be trained here
     */
    public static Dl4jEngine open(ModelDefinition model) {
        return new Dl4jEngine(Dl4jFile.read(model.bytes()), Dl4jFile.weightOrder(model.bytes()));
    }

    /** The model's file with other parameters. The library must have been started. */
    public static byte[] file(ModelDefinition model, float[] parameters) {
        try (Dl4jEngine engine = open(model)) {
            engine.writeParameters(parameters);
            return engine.save();
        }
    }

    /** What goes beside that file. The library must have been started. */
    public static Map<String, byte[]> extras(ModelDefinition model, float[] parameters) {
        try (Dl4jEngine engine = open(model)) {
            engine.writeParameters(parameters);
            return engine.extras();
        }
    }

    @Override
    public int parameterCount() {
        return Math.toIntExact(parameters.length());
    }

    @Override
    public void readParameters(float[] into) {
        checkLength(into);
        MiniBatch.get(parameters, into);
    }

    @Override
    public void writeParameters(float[] from) {
        checkLength(from);
        MiniBatch.put(from, parameters);
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
        // dropout draws from the library's generator, which belongs to the thread
        Nd4j.getRandom().setSeed(random.nextLong());
        int[] order = drawn.clone();
        double sum = 0;
        long steps = 0;
        int stepsOfPass = 0;
        for (int epoch = 0; epoch < epochs; epoch++) {
            Shuffle.shuffle(order, random);
            sum = 0;
            stepsOfPass = 0;
            for (int first = 0; first < order.length; first += miniBatch) {
                MiniBatch batch = batch(Math.min(miniBatch, order.length - first));
                batch.fill(samples, order, first);
                network.fit(batch.features(), batch.labels());
                steps++;
                stepsOfPass++;
                double score = network.score();
                if (!Double.isFinite(score)) {
                    throw TrainingException.of(score, steps, epoch);
                }
                sum += score;
            }
        }
        return new TrainingResult(sum / stepsOfPass, steps);
    }

    @Override
    public Evaluation evaluate(Samples samples) {
        fit(samples.featureShape(), samples.classCount());
        float[] values = new float[0];
        double sum = 0;
        int right = 0;
        int most =
                Math.min(EVALUATION_BATCH, Math.max(1, EVALUATION_FEATURES / form.featureCount()));
        for (int first = 0; first < samples.count(); first += most) {
            MiniBatch batch = batch(Math.min(most, samples.count() - first));
            batch.fill(samples, null, first);
            try (INDArray raw = network.output(batch.features());
                    INDArray output =
                            raw.ordering() == 'c' && !raw.isView() ? null : raw.dup('c')) {
                INDArray inOrder = output == null ? raw : output;
                values =
                        values.length == inOrder.length()
                                ? values
                                : new float[(int) inOrder.length()];
                MiniBatch.get(inOrder, values);
                sum += loss.sum(inOrder, values, batch.labels(), batch.classes(), batch.size());
                right += right(values, batch.classes());
            }
        }
        return new Evaluation(
                sum / samples.count(), (double) right / samples.count(), samples.count());
    }

    @Override
    public byte[] save() {
        return Dl4jFile.write(network.model(), weightOrder);
    }

    @Override
    public Map<String, byte[]> extras() {
        if (weightOrder.isEmpty()) {
            return Map.of();
        }
        float[] flat = new float[parameterCount()];
        readParameters(flat);
        return Map.of(WEIGHTS, WeightOrder.decode(weightOrder.get()).npz(flat));
    }

    @Override
    public void close() {
        batches.forEach(MiniBatch::close);
        batches.clear();
        network.model().close();
    }

    /**
     * Checks that samples of this kind can enter, and keeps how.
     *
     * @throws InputException when they cannot
     */
    public void fit(int[] featureShape, int classCount) {
        if (form != null && boundClasses == classCount && Arrays.equals(boundShape, featureShape)) {
            return;
        }
        form = InputForm.of(network, featureShape, classCount);
        boundShape = featureShape.clone();
        boundClasses = classCount;
        batches.forEach(MiniBatch::close);
        batches.clear();
    }

    private MiniBatch batch(int size) {
        for (MiniBatch batch : batches) {
            if (batch.size() == size) {
                return batch;
            }
        }
        if (batches.size() == KEPT_SIZES) {
            batches.remove(0).close();
        }
        MiniBatch batch = new MiniBatch(form, size);
        batches.add(batch);
        return batch;
    }

    private static int right(float[] values, int[] classes) {
        int width = values.length / classes.length;
        int right = 0;
        for (int i = 0; i < classes.length; i++) {
            int likeliest = width == 1 && values[i] > 0.5 ? 1 : 0;
            for (int j = 1; j < width; j++) {
                if (values[i * width + j] > values[i * width + likeliest]) {
                    likeliest = j;
                }
            }
            float value = values[i * width + (width == 1 ? 0 : likeliest)];
            if (likeliest == classes[i] && !Float.isNaN(value)) {
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
