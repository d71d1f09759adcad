package org.hermesml.training.dl4j;

import java.util.Map;
import java.util.Optional;
import org.hermesml.core.InputException;
import org.hermesml.training.Batches;
import org.hermesml.training.Bout;
import org.hermesml.training.Engine;
import org.hermesml.training.ModelDefinition;
import org.hermesml.training.Samples;
import org.hermesml.training.Tally;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A Deeplearning4j network. */
public final class Dl4jEngine implements Engine {
    /** The weights in the order of the framework that the model came from. */
    private static final String WEIGHTS = "weights.npz";

    private final Network network;
    private final INDArray parameters;
    private final OutputLoss loss;
    private final Optional<byte[]> weightOrder;
    private final Batches<MiniBatch> batches = new Batches<>();

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

    /** As {@link #open(ModelDefinition)}, with other parameters than the model's. */
    public static Dl4jEngine open(ModelDefinition model, float[] parameters) {
        Dl4jEngine engine = open(model);
        engine.writeParameters(parameters);
        return engine;
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
        Bout bout = new Bout(drawn, epochs, miniBatch, seed);
        fit(samples.featureShape(), samples.classCount());
        // the library's generator belongs to the thread
        Nd4j.getRandom().setSeed(bout.librarySeed());
        return bout.run(
                leastSamples(),
                (order, first, count) -> {
                    MiniBatch batch = batches.filled(samples, order, first, count);
                    network.fit(batch.features(), batch.labels());
                    return network.score();
                });
    }

    @Override
    public Evaluation evaluate(Samples samples) {
        fit(samples.featureShape(), samples.classCount());
        Tally tally = new Tally();
        batches.forEach(samples, batch -> evaluate(batch, tally));
        return tally.evaluation();
    }

    private void evaluate(MiniBatch batch, Tally tally) {
        try (INDArray raw = network.output(batch.features());
                INDArray copy = raw.ordering() == 'c' && !raw.isView() ? null : raw.dup('c')) {
            INDArray output = copy == null ? raw : copy;
            float[] values = new float[(int) output.length()];
            MiniBatch.get(output, values);
            double sum = loss.sum(output, values, batch.labels(), batch.classes(), batch.size());
            tally.add(sum, values, batch.classes(), batch.size());
        }
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
        return Map.of(WEIGHTS, WeightOrder.decode(weightOrder.get()).npz(parameters()));
    }

    @Override
    public void close() {
        batches.close();
        network.model().close();
    }

    /**
     * Checks that samples of this kind can enter, and keeps how.
     *
     * @throws InputException when they cannot
     */
    public void fit(int[] featureShape, int classCount) {
        if (!batches.areFor(featureShape, classCount)) {
            InputForm form = InputForm.of(network, featureShape, classCount);
            batches.bind(featureShape, classCount, size -> new MiniBatch(form, size));
        }
    }
}
