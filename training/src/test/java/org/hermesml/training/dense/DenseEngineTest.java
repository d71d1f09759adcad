package org.hermesml.training.dense;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.hermesml.core.InputException;
import org.hermesml.core.settings.EngineNames;
import org.hermesml.training.Engine;
import org.hermesml.training.Engine.Evaluation;
import org.hermesml.training.Engine.TrainingResult;
import org.hermesml.training.EngineTerms;
import org.hermesml.training.Engines;
import org.hermesml.training.ModelDefinition;
import org.hermesml.training.Models;
import org.hermesml.training.Samples;
import org.hermesml.training.TrainingException;
import org.hermesml.training.data.Digits;
import org.hermesml.training.data.HeldOut;
import org.hermesml.training.data.Shuffle;
import org.hermesml.training.dl4j.Dl4jEngine;
import org.hermesml.training.dl4j.Dl4jRuntime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.nd4j.linalg.schedule.ExponentialSchedule;
import org.nd4j.linalg.schedule.ScheduleType;

class DenseEngineTest {
    private static final EngineTerms DL4J = EngineTerms.plain(1).with(EngineNames.DL4J);
    private static final int[] SHAPE = {1, 28, 28};
    private static final Samples DIGITS = Digits.make(11, 600, 0).train();
    private static final int[] DRAWN = Arrays.copyOfRange(Shuffle.identity(600), 50, 450);

    @ParameterizedTest
    @ValueSource(strings = {"mlp", "tanh", "sigmoid", "no bias", "one layer"})
    void oneStepEqualsDl4j(String name) {
        int[] batch = Arrays.copyOfRange(DRAWN, 0, 16);
        equalsDl4j(model(name), DIGITS, batch, 1, 16, 1e-6);
    }

    @ParameterizedTest
    @ValueSource(strings = {"mlp", "tanh", "sigmoid", "no bias", "one layer"})
    void anEpochWithASmallerLastBatchEqualsDl4j(String name) {
        equalsDl4j(model(name), DIGITS, Arrays.copyOf(DRAWN, 391), 1, 16, 2e-5);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 500})
    void everyMiniBatchEqualsDl4j(int miniBatch) {
        equalsDl4j(model("mlp"), DIGITS, Arrays.copyOf(DRAWN, 50), 2, miniBatch, 2e-5);
    }

    @Test
    void theLargestMiniBatchThatSettingsAllowIsTrainedOn() {
        int[] all = IntStream.range(0, 1 << 16).map(i -> i % DIGITS.count()).toArray();
        try (Engine engine = dense(model("one layer"))) {
            assertEquals(1, engine.train(DIGITS, all, 1, 1 << 16, 4).steps());
            assertThrows(
                    IllegalArgumentException.class,
                    () -> engine.train(DIGITS, all, 1, (1 << 16) + 1, 4));
        }
    }

    @Test
    void aSelectionIsTrainedOnAsTheSamplesThatItSelects() {
        Samples cut = HeldOut.cut(DIGITS, 100, 3).training();
        assertSame(DIGITS, cut.origin());
        equalsDl4j(model("mlp"), cut, DRAWN, 1, 16, 2e-5);
    }

    @Test
    void samplesThatAreTooManyToKeepAreTrainedOnAlike() {
        Samples huge = new Endless(DIGITS);
        try (Engine kept = dense(model("mlp"));
                Engine unpacked = dense(model("mlp"))) {
            assertEquals(
                    kept.train(DIGITS, DRAWN, 1, 16, 4), unpacked.train(huge, DRAWN, 1, 16, 4));
            assertArrayEquals(kept.parameters(), unpacked.parameters());
        }
    }

    @Test
    void theSameSeedGivesTheSameBitsOnEveryThread() throws Exception {
        Callable<float[]> bout =
                () -> {
                    try (Engine engine = dense(model("mlp"))) {
                        engine.train(DIGITS, DRAWN, 2, 16, 5);
                        return engine.parameters();
                    }
                };
        float[] alone = bout.call();
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            for (Future<float[]> other : threads.invokeAll(List.of(bout, bout))) {
                assertArrayEquals(alone, other.get());
            }
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void anEngineRemembersNothingButItsParameters() {
        try (Engine fresh = dense(model("mlp"));
                Engine used = dense(model("mlp"))) {
            float[] start = fresh.parameters();
            used.train(DIGITS, DRAWN, 1, 64, 9);
            used.evaluate(DIGITS);
            assertFalse(Arrays.equals(start, used.parameters()));
            used.writeParameters(start);
            assertArrayEquals(start, used.parameters());
            assertEquals(fresh.train(DIGITS, DRAWN, 1, 16, 5), used.train(DIGITS, DRAWN, 1, 16, 5));
            assertArrayEquals(fresh.parameters(), used.parameters());
            assertEquals(fresh.evaluate(DIGITS), used.evaluate(DIGITS));
            assertThrows(IllegalArgumentException.class, () -> used.writeParameters(new float[3]));
        }
    }

    @Test
    void theSavedFileIsOneThatDl4jOpens() {
        try (Engine engine = dense(model("mlp"))) {
            engine.train(DIGITS, DRAWN, 1, 16, 5);
            ModelDefinition saved = new ModelDefinition(Engines.DL4J, engine.save());
            try (Engine dl4j = Engines.open(saved, DL4J);
                    Engine again = dense(saved)) {
                assertArrayEquals(engine.parameters(), dl4j.parameters());
                assertArrayEquals(engine.parameters(), again.parameters());
                assertEquals(engine.evaluate(DIGITS), again.evaluate(DIGITS));
            }
        }
    }

    @Test
    void aLossThatIsNoNumberStopsTraining() {
        try (Engine engine = dense(Models.named("mlp", SHAPE, 10, 1e30, 5))) {
            String message =
                    assertThrows(
                                    TrainingException.class,
                                    () -> engine.train(DIGITS, DRAWN, 3, 16, 1))
                            .getMessage();
            assertTrue(message.startsWith("The training loss became NaN"), message);
        }
    }

    @Test
    void samplesThatDoNotFitAreRefusedInOneSentence() {
        try (Engine narrow = dense(Models.named("mlp", new int[] {46}, 10, 0.1, 5));
                Engine many = dense(Models.named("mlp", SHAPE, 26, 0.1, 5))) {
            refused(() -> narrow.evaluate(DIGITS), "of shape [1, 28, 28]");
            refused(() -> many.train(DIGITS, DRAWN, 1, 16, 1), "the data set has 10 classes");
        }
    }

    @Test
    void whatIsMoreThanDenseLayersWithPlainSgdIsLeftToDl4j() {
        ModelDefinition cnn = Models.named("cnn", SHAPE, 10, 0.1, 1);
        assertEquals(Optional.of("a layer of the kind ConvolutionLayer"), Engines.whyNotDense(cnn));
        leftToDl4j("an optimiser other than plain SGD", all -> all.updater(new Adam(0.01)), null);
        leftToDl4j(
                "an optimiser other than plain SGD",
                all ->
                        all.updater(
                                new Sgd(new ExponentialSchedule(ScheduleType.ITERATION, 0.1, 0.9))),
                null);
        leftToDl4j("regularisation", all -> all.l2(0.01), null);
        leftToDl4j("dropout", null, layer -> layer.dropOut(0.5));
        leftToDl4j("the activation function elu", null, layer -> layer.activation(Activation.ELU));
        leftToDl4j("layer normalisation", null, layer -> layer.hasLayerNorm(true));
        leftToDl4j("more than one learning rate", null, layer -> layer.updater(new Sgd(0.7)));
    }

    private static void leftToDl4j(
            String why,
            Consumer<NeuralNetConfiguration.Builder> all,
            Consumer<DenseLayer.Builder> hidden) {
        ModelDefinition model = network(List.of(12), Activation.RELU, all, hidden);
        assertTrue(Engines.whyNotDense(model).orElse("nothing").startsWith(why), why);
        try (Engine engine = Engines.open(model, 1)) {
            assertInstanceOf(Dl4jEngine.class, engine);
        }
    }

    private static void equalsDl4j(
            ModelDefinition model,
            Samples samples,
            int[] drawn,
            int epochs,
            int miniBatch,
            double tolerance) {
        try (Engine dl4j = Engines.open(model, DL4J);
                Engine ours = dense(model)) {
            float[] start = dl4j.parameters();
            assertArrayEquals(start, ours.parameters());
            close(dl4j.evaluate(samples), ours.evaluate(samples), 1e-5);
            TrainingResult expected = dl4j.train(samples, drawn, epochs, miniBatch, 77);
            TrainingResult result = ours.train(samples, drawn, epochs, miniBatch, 77);
            assertEquals(expected.steps(), result.steps());
            assertEquals(expected.loss(), result.loss(), 1e-4);
            float[] theirs = dl4j.parameters();
            assertArrayEquals(theirs, ours.parameters(), (float) tolerance);
            double moved = 0;
            for (int i = 0; i < start.length; i++) {
                moved = Math.max(moved, Math.abs(theirs[i] - start[i]));
            }
            assertTrue(moved > 100 * tolerance, "the step is lost in the tolerance: " + moved);
            close(dl4j.evaluate(samples), ours.evaluate(samples), 1e-4);
        }
    }

    private static void close(Evaluation expected, Evaluation found, double tolerance) {
        assertEquals(expected.loss(), found.loss(), tolerance);
        assertEquals(expected.accuracy(), found.accuracy(), 1.0 / expected.samples());
        assertEquals(expected.samples(), found.samples());
    }

    private static Engine dense(ModelDefinition model) {
        return assertInstanceOf(DenseEngine.class, Engines.open(model, 1));
    }

    private static ModelDefinition model(String name) {
        return switch (name) {
            case "mlp" -> Models.named("mlp", SHAPE, 10, 0.1, 5);
            case "tanh" -> network(List.of(37, 23, 11), Activation.TANH, null, null);
            case "sigmoid" -> network(List.of(50, 20), Activation.SIGMOID, null, null);
            case "no bias" ->
                    network(List.of(21), Activation.RELU, null, layer -> layer.hasBias(false));
            case "one layer" -> network(List.of(), Activation.RELU, null, null);
            default -> throw new IllegalArgumentException(name);
        };
    }

    private static ModelDefinition network(
            List<Integer> hidden,
            Activation activation,
            Consumer<NeuralNetConfiguration.Builder> all,
            Consumer<DenseLayer.Builder> each) {
        Dl4jRuntime.start();
        NeuralNetConfiguration.Builder builder =
                new NeuralNetConfiguration.Builder().seed(3).updater(new Sgd(0.1));
        if (all != null) {
            all.accept(builder);
        }
        NeuralNetConfiguration.ListBuilder list = builder.list();
        int inputs = 784;
        for (int outputs : hidden) {
            DenseLayer.Builder layer =
                    new DenseLayer.Builder().nIn(inputs).nOut(outputs).activation(activation);
            if (each != null) {
                each.accept(layer);
            }
            list.layer(layer.build());
            inputs = outputs;
        }
        list.layer(
                new OutputLayer.Builder(LossFunction.NEGATIVELOGLIKELIHOOD)
                        .activation(Activation.SOFTMAX)
                        .nIn(inputs)
                        .nOut(10)
                        .build());
        MultiLayerNetwork network = new MultiLayerNetwork(list.build());
        network.init();
        // biases begin at zero, where two that changed places would not be noticed
        SplittableRandom random = new SplittableRandom(1);
        float[] values = new float[(int) network.numParams()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) ((random.nextDouble() - 0.5) / 10);
        }
        network.setParams(
                org.nd4j.linalg.factory.Nd4j.createFromArray(values).reshape(1, values.length));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            ModelSerializer.writeModel(network, out, true);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new ModelDefinition(Engines.DL4J, out.toByteArray());
    }

    private static void refused(Runnable call, String why) {
        String message = assertThrows(InputException.class, call::run).getMessage();
        assertTrue(message.contains(why) && message.endsWith("."), message);
    }

    /** The same samples again and again, more than anybody keeps. */
    private record Endless(Samples few) implements Samples {
        @Override
        public int count() {
            return 1_000_000;
        }

        @Override
        public int[] featureShape() {
            return few.featureShape();
        }

        @Override
        public int classCount() {
            return few.classCount();
        }

        @Override
        public void features(int index, float[] into, int offset) {
            few.features(index % few.count(), into, offset);
        }

        @Override
        public int label(int index) {
            return few.label(index % few.count());
        }
    }
}
