package org.hermesml.training.dl4j;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
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
import org.hermesml.training.data.Shuffle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

class Dl4jEngineTest {
    private static final int[] SHAPE = {1, 28, 28};
    private static final int[] DRAWN = Arrays.copyOfRange(Shuffle.identity(200), 50, 150);
    private static final Samples DIGITS = Digits.make(11, 600, 0).train();

    private static Engine open(ModelDefinition model) {
        return Engines.open(model, EngineTerms.plain(1).with(EngineNames.DL4J));
    }

    @ParameterizedTest
    @ValueSource(strings = {"mlp", "cnn"})
    void trainingEqualsPlainDl4jOnTheSameBatchesBitForBit(String name) throws IOException {
        ModelDefinition model = Models.named(name, SHAPE, 10, 0.1, 5);
        float[] ours;
        double ourLoss;
        try (Engine engine = open(model)) {
            TrainingResult result = engine.train(DIGITS, DRAWN, 2, 16, 77);
            assertEquals(14, result.steps());
            ours = engine.parameters();
            ourLoss = result.loss();
        }
        MultiLayerNetwork plain = plain(model);
        SplittableRandom random = new SplittableRandom(77);
        random.nextLong();
        int[] order = DRAWN.clone();
        double sum = 0;
        for (int epoch = 0; epoch < 2; epoch++) {
            Shuffle.shuffle(order, random);
            sum = 0;
            for (int first = 0; first < order.length; first += 16) {
                plain.fit(
                        dataSet(
                                name,
                                Arrays.copyOfRange(
                                        order, first, Math.min(first + 16, order.length))));
                sum += plain.score();
            }
        }
        assertArrayEquals(plain.params().toFloatVector(), ours);
        assertEquals(sum / 7, ourLoss, 0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"mlp", "cnn"})
    void evaluationEqualsDl4j(String name) throws IOException {
        ModelDefinition model = Models.named(name, SHAPE, 10, 0.1, 5);
        try (Engine engine = open(model)) {
            Evaluation evaluation = engine.evaluate(DIGITS);
            MultiLayerNetwork plain = plain(model);
            DataSet all = dataSet(name, Shuffle.identity(DIGITS.count()));
            assertEquals(plain.score(all, false), evaluation.loss(), 1e-5);
            assertEquals(
                    Nd4j.argMax(plain.output(all.getFeatures()), 1)
                            .eq(Nd4j.argMax(all.getLabels(), 1))
                            .castTo(org.nd4j.linalg.api.buffer.DataType.INT32)
                            .sumNumber()
                            .intValue(),
                    Math.round(evaluation.accuracy() * DIGITS.count()));
            assertEquals(600, evaluation.samples());
        }
    }

    @Test
    void parametersComeOutAsTheyWentInAndRuleTheOutcome() {
        ModelDefinition model = Models.named("mlp", SHAPE, 10, 0.1, 5);
        try (Engine first = open(model);
                Engine second = open(Models.named("mlp", SHAPE, 10, 0.1, 6))) {
            assertEquals(109_386, first.parameterCount());
            float[] values = first.parameters();
            assertFalse(Arrays.equals(values, second.parameters()));
            second.writeParameters(values);
            assertArrayEquals(values, second.parameters());
            assertEquals(first.evaluate(DIGITS), second.evaluate(DIGITS));
            assertThrows(IllegalArgumentException.class, () -> first.writeParameters(new float[3]));
        }
    }

    @Test
    void aModelIsTheSameAfterItWasSavedWithItsOptimiser() {
        ModelDefinition model =
                new ModelDefinition(
                        Engines.DL4J, Dl4jFile.write(adam(Activation.TANH, LossFunction.MCXENT)));
        try (Engine engine = open(model)) {
            engine.train(DIGITS, DRAWN, 1, 16, 1);
            try (Engine again = open(new ModelDefinition(Engines.DL4J, engine.save()))) {
                assertArrayEquals(engine.parameters(), again.parameters());
                engine.train(DIGITS, DRAWN, 1, 16, 2);
                again.train(DIGITS, DRAWN, 1, 16, 2);
                assertArrayEquals(engine.parameters(), again.parameters());
            }
        }
    }

    @Test
    void theSeedAloneDecidesTheOrder() {
        ModelDefinition model = Models.named("mlp", SHAPE, 10, 0.1, 5);
        float[][] outcomes = new float[3][];
        long[] seeds = {1, 1, 2};
        for (int i = 0; i < 3; i++) {
            try (Engine engine = open(model)) {
                engine.train(DIGITS, DRAWN, 1, 8, seeds[i]);
                outcomes[i] = engine.parameters();
            }
        }
        assertArrayEquals(outcomes[0], outcomes[1]);
        assertFalse(Arrays.equals(outcomes[0], outcomes[2]));
    }

    @Test
    void aLossThatIsNoNumberStopsTraining() {
        try (Engine engine = open(Models.named("mlp", SHAPE, 10, 1e30, 5))) {
            String message =
                    assertThrows(
                                    TrainingException.class,
                                    () -> engine.train(DIGITS, DRAWN, 3, 16, 1))
                            .getMessage();
            assertTrue(message.startsWith("The training loss became NaN"), message);
        }
    }

    @Test
    void anotherLossFunctionIsMeasuredAsDl4jMeasuresIt() {
        MultiLayerNetwork network = adam(Activation.SIGMOID, LossFunction.MSE);
        try (Engine engine = open(new ModelDefinition(Engines.DL4J, Dl4jFile.write(network)))) {
            double expected =
                    network.scoreExamples(dataSet("mlp", Shuffle.identity(DIGITS.count())), false)
                            .meanNumber()
                            .doubleValue();
            assertEquals(expected, engine.evaluate(DIGITS).loss(), 1e-5);
        }
    }

    @Test
    void aGraphTrainsLikeTheSameLayersInARow() {
        ComputationGraph graph =
                new ComputationGraph(
                        new NeuralNetConfiguration.Builder()
                                .updater(new Sgd(0.1))
                                .graphBuilder()
                                .addInputs("in")
                                .addLayer("hidden", dense(), "in")
                                .addLayer(
                                        "out",
                                        output(Activation.SOFTMAX, LossFunction.MCXENT),
                                        "hidden")
                                .setOutputs("out")
                                .setInputTypes(InputType.feedForward(784))
                                .build());
        graph.init();
        MultiLayerNetwork row =
                new MultiLayerNetwork(
                        new NeuralNetConfiguration.Builder()
                                .updater(new Sgd(0.1))
                                .list()
                                .layer(dense())
                                .layer(output(Activation.SOFTMAX, LossFunction.MCXENT))
                                .setInputType(InputType.feedForward(784))
                                .build());
        row.init(graph.params().dup(), false);
        try (Engine one = open(new ModelDefinition(Engines.DL4J, Dl4jFile.write(graph)));
                Engine other = open(new ModelDefinition(Engines.DL4J, Dl4jFile.write(row)))) {
            assertEquals(one.train(DIGITS, DRAWN, 1, 16, 3), other.train(DIGITS, DRAWN, 1, 16, 3));
            assertArrayEquals(one.parameters(), other.parameters());
            assertEquals(one.evaluate(DIGITS), other.evaluate(DIGITS));
        }
    }

    @Test
    void channelsLastNetworksStayOffTheHelperAndLearn() {
        MultiLayerNetwork network =
                new MultiLayerNetwork(
                        new NeuralNetConfiguration.Builder()
                                .updater(new Sgd(0.05))
                                .list()
                                .layer(
                                        new ConvolutionLayer.Builder(5, 5)
                                                .stride(3, 3)
                                                .nOut(4)
                                                .dataFormat(
                                                        org.deeplearning4j.nn.conf.CNN2DFormat.NHWC)
                                                .activation(Activation.RELU)
                                                .build())
                                .layer(output(Activation.SOFTMAX, LossFunction.MCXENT))
                                .setInputType(
                                        InputType.convolutional(
                                                28,
                                                28,
                                                1,
                                                org.deeplearning4j.nn.conf.CNN2DFormat.NHWC))
                                .build());
        network.init();
        Network opened = Dl4jFile.read(Dl4jFile.write(network));
        assertTrue(opened.channelsLast());
        var layer =
                (org.deeplearning4j.nn.layers.convolution.ConvolutionLayer)
                        ((MultiLayerNetwork) opened.model()).getLayer(0);
        assertEquals(null, layer.getHelper());
        try (Engine engine = open(new ModelDefinition(Engines.DL4J, Dl4jFile.write(network)))) {
            double before = engine.evaluate(DIGITS).loss();
            engine.train(DIGITS, Shuffle.identity(600), 3, 16, 3);
            assertTrue(engine.evaluate(DIGITS).loss() < before);
        }
    }

    private static DenseLayer dense() {
        return new DenseLayer.Builder().nOut(16).activation(Activation.TANH).build();
    }

    private static OutputLayer output(Activation activation, LossFunction loss) {
        return new OutputLayer.Builder(loss).activation(activation).nOut(10).build();
    }

    private static MultiLayerNetwork adam(Activation activation, LossFunction loss) {
        Dl4jRuntime.start();
        MultiLayerNetwork network =
                new MultiLayerNetwork(
                        new NeuralNetConfiguration.Builder()
                                .updater(new Adam(0.001))
                                .l2(0.01)
                                .list()
                                .layer(dense())
                                .layer(
                                        output(
                                                loss == LossFunction.MCXENT
                                                        ? Activation.SOFTMAX
                                                        : activation,
                                                loss))
                                .setInputType(InputType.feedForward(784))
                                .build());
        network.init();
        return network;
    }

    private static MultiLayerNetwork plain(ModelDefinition model) throws IOException {
        return ModelSerializer.restoreMultiLayerNetwork(
                new ByteArrayInputStream(model.bytes()), true);
    }

    private static DataSet dataSet(String name, int[] positions) {
        float[] features = new float[positions.length * 784];
        INDArray labels = Nd4j.zeros(positions.length, 10);
        for (int i = 0; i < positions.length; i++) {
            DIGITS.features(positions[i], features, i * 784);
            labels.putScalar(i, DIGITS.label(positions[i]), 1);
        }
        int[] shape =
                name.equals("cnn")
                        ? new int[] {positions.length, 1, 28, 28}
                        : new int[] {positions.length, 784};
        return new DataSet(Nd4j.create(features, shape), labels);
    }
}
