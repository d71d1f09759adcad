package org.hermesml.simulator;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.hermesml.core.message.BlockAddress;
import org.hermesml.core.message.DataIndex;
import org.hermesml.core.message.RecordAddress;
import org.hermesml.core.message.RunSpec;
import org.hermesml.core.settings.Settings;
import org.hermesml.simulator.testbed.StepCost;
import org.hermesml.training.Engine;
import org.hermesml.training.EngineTerms;
import org.hermesml.training.Engines;
import org.hermesml.training.ModelDefinition;
import org.hermesml.training.Models;
import org.hermesml.training.Samples;
import org.hermesml.training.data.Dataset;
import org.hermesml.training.data.Datasets;
import org.hermesml.training.data.HeldOut;
import org.hermesml.training.data.SampleBlocks;
import org.hermesml.training.data.SampleLayout;

/**
 * What is learnt in a simulated run: data and model as `publish` would cut and draw them from the
 * seed. Immutable, shared by all runs of one seed; any thread.
 *
 * @param dataset for people
 * @param model for people
 * @param training what devices train on, in blocks
 * @param heldOut seen by gate, merge and stopping
 * @param test seen by the final report only
 * @param definition with the learning rate of the runs
 * @param terms on which engines are opened
 * @param idealDefinition with that of the {@link IdealBound}
 * @param initialWeights of version 0, {@code [parameters]}; not to be changed
 * @param stepCost of the model, on any test bed
 */
public record Workload(
        String dataset,
        String model,
        Samples training,
        Samples heldOut,
        Samples test,
        ModelDefinition definition,
        EngineTerms terms,
        ModelDefinition idealDefinition,
        float[] initialWeights,
        StepCost stepCost,
        long seed) {
    /** Of every simulated run: it has no topics to be told apart by. */
    static final String RUN = "simulated";

    /**
     * Opens data set and model and cuts them as a real run would. Takes seconds and memory: prepare
     * once for each seed.
     *
     * @param dataDir where a named data set lies; null: only the environment says
     * @param settings of which the seed, learning rate, training and held-out samples count
     * @throws org.hermesml.core.InputException when there is no such data set or model
     */
    public static Workload prepare(String dataset, Path dataDir, String model, Settings settings) {
        return prepare(
                Datasets.open(dataset, dataDir, settings.get(Settings.SEED)), model, settings);
    }

    /** Likewise, of a data set that is open already. */
    public static Workload prepare(Dataset data, String model, Settings settings) {
        long seed = settings.get(Settings.SEED);
        Samples train = data.train();
        ModelDefinition definition =
                define(model, train, settings.get(Settings.LEARNING_RATE), settings);
        HeldOut.Cut cut = HeldOut.cut(train, settings);
        EngineTerms terms = EngineTerms.of(settings, 1);
        try (Engine engine = Engines.open(definition, terms)) {
            float[] weights = new float[engine.parameterCount()];
            engine.readParameters(weights);
            return new Workload(
                    data.name(),
                    Path.of(model).getFileName().toString(),
                    cut.training(),
                    cut.heldOut(),
                    data.test(),
                    definition,
                    terms,
                    define(model, train, IdealBound.learningRate(model), settings),
                    weights,
                    StepCost.of(model),
                    seed);
        }
    }

    private static ModelDefinition define(
            String model, Samples train, double learningRate, Settings settings) {
        return Models.open(
                model,
                train.featureShape(),
                train.classCount(),
                learningRate,
                settings.get(Settings.SEED),
                Models.Wishes.ofEngine(settings.get(Settings.ENGINE)));
    }

    /**
     * The run as its specification would have it.
     *
     * @param parameterCount as far as the server's rules go
     */
    public RunSpec spec(Settings settings, int parameterCount) {
        DataIndex.Builder index = SampleLayout.of(training).index();
        index.setModelFormat(definition.format())
                .addModel(BlockAddress.newBuilder().setCount(definition.bytes().length))
                .addAllTraining(blocks(training, settings))
                .addAllHeldOut(blocks(heldOut, settings))
                .addAllTest(blocks(test, settings));
        return RunSpec.newBuilder()
                .setRun(RUN)
                .setDataset(dataset)
                .setModel(model)
                .setParameterCount(parameterCount)
                .putAllSettings(settings.toMap())
                .setData(index)
                .build();
    }

    private static List<BlockAddress> blocks(Samples samples, Settings settings) {
        int each =
                SampleBlocks.samplesIn(
                        settings.get(Settings.BLOCK_BYTES), SampleLayout.of(samples));
        int count = (samples.count() + each - 1) / each;
        return IntStream.range(0, count)
                .mapToObj(
                        i ->
                                BlockAddress.newBuilder()
                                        .setAddress(RecordAddress.newBuilder().setOffset(i))
                                        .setCount(Math.min(each, samples.count() - i * each))
                                        .build())
                .toList();
    }
}
