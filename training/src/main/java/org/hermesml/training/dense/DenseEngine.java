package org.hermesml.training.dense;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.hermesml.core.InputException;
import org.hermesml.training.Bout;
import org.hermesml.training.Engine;
import org.hermesml.training.Samples;
import org.hermesml.training.Tally;

/**
 * Dense layers in plain Java. For small networks a tensor library spends nearly all its time on the
 * way to its own loops, and multiplies with all the zeros of an image; this engine does neither,
 * and gives the same bits on every machine. Learns what {@code Dl4jEngine} learns from the same
 * seed, to float rounding.
 */
public final class DenseEngine implements Engine {
    private final List<LayerWeights> layers = new ArrayList<>();
    private final double learningRate;
    private final int parameterCount;
    private final Function<float[], Engine> origin;
    private final SoftmaxLoss loss;
    private final Passes passes;
    private final float[] row;
    private final SparseRows unpacked = new SparseRows(1, 0);
    private int[] chosen = new int[1];
    private int[] classes = new int[1];

    /**
     * @param origin opens the model where it came from, with other parameters; for its files
     */
    public DenseEngine(DenseNetwork network, Function<float[], Engine> origin) {
        this.learningRate = network.learningRate();
        this.origin = origin;
        int count = 0;
        for (DenseNetwork.Layer layer : network.layers()) {
            layers.add(new LayerWeights(layer, !layers.isEmpty()));
            count = Math.addExact(count, layer.parameterCount());
        }
        this.parameterCount = count;
        this.loss = new SoftmaxLoss(network.clip());
        this.passes = new Passes(layers, loss);
        this.row = new float[layers.get(0).layer().inputs()];
        writeParameters(network.parameters());
    }

    @Override
    public int parameterCount() {
        return parameterCount;
    }

    @Override
    public void readParameters(float[] into) {
        checkLength(into);
        int offset = 0;
        for (LayerWeights weights : layers) {
            weights.read(into, offset);
            offset += weights.layer().parameterCount();
        }
    }

    @Override
    public void writeParameters(float[] from) {
        checkLength(from);
        int offset = 0;
        for (LayerWeights weights : layers) {
            weights.write(from, offset);
            offset += weights.layer().parameterCount();
        }
    }

    @Override
    public TrainingResult train(
            Samples samples, int[] drawn, int epochs, int miniBatch, long seed) {
        if (miniBatch > SparseRows.WIDEST) {
            throw new IllegalArgumentException(
                    "A mini-batch of " + miniBatch + " samples is more than " + SparseRows.WIDEST);
        }
        Bout bout = new Bout(drawn, epochs, miniBatch, seed);
        checkFit(samples);
        SparseRows cached = SampleCache.of(samples.origin());
        room(Math.min(miniBatch, drawn.length));
        return bout.run(
                leastSamples(),
                (order, first, count) -> {
                    unpacked.clear();
                    for (int i = 0; i < count; i++) {
                        choose(i, samples, order[first + i], cached);
                    }
                    return passes.step(
                            cached == null ? unpacked : cached,
                            chosen,
                            classes,
                            count,
                            learningRate);
                });
    }

    @Override
    public Evaluation evaluate(Samples samples) {
        checkFit(samples);
        SparseRows cached = SampleCache.of(samples.origin());
        Tally tally = new Tally();
        for (int i = 0; i < samples.count(); i++) {
            unpacked.clear();
            choose(0, samples, i, cached);
            float[] probabilities =
                    passes.probabilities(cached == null ? unpacked : cached, chosen[0]);
            tally.add(loss.of(probabilities, classes[0]), probabilities, classes, 1);
        }
        return tally.evaluation();
    }

    @Override
    public byte[] save() {
        try (Engine engine = origin.apply(parameters())) {
            return engine.save();
        }
    }

    @Override
    public Map<String, byte[]> extras() {
        try (Engine engine = origin.apply(parameters())) {
            return engine.extras();
        }
    }

    @Override
    public void close() {}

    /** Makes sample {@code index} number {@code i} of the mini-batch. */
    private void choose(int i, Samples samples, int index, SparseRows cached) {
        classes[i] = samples.label(index);
        if (cached == null) {
            samples.features(index, row, 0);
            unpacked.add(row);
            chosen[i] = i;
        } else {
            chosen[i] = samples.positionInOrigin(index);
        }
    }

    private void room(int size) {
        if (chosen.length < size) {
            chosen = new int[size];
            classes = new int[size];
        }
        passes.room(size);
    }

    private void checkFit(Samples samples) {
        if (samples.featureCount() != row.length) {
            throw new InputException(
                    "The model does not take the data set's samples of shape "
                            + Arrays.toString(samples.featureShape())
                            + " (channels first): it has "
                            + row.length
                            + " inputs.");
        }
        int told = layers.get(layers.size() - 1).layer().outputs();
        if (samples.classCount() != told) {
            throw new InputException(
                    "The model gives "
                            + told
                            + " numbers for a sample where the data set has "
                            + samples.classCount()
                            + " classes: the two must agree.");
        }
    }
}
