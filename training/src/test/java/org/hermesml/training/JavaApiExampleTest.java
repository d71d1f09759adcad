package org.hermesml.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.hermesml.core.InputException;
import org.hermesml.training.data.Shuffle;
import org.hermesml.training.dl4j.Dl4jModels;
import org.hermesml.training.dl4j.Dl4jRuntime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** A Java program with a configuration and data of its own. */
class JavaApiExampleTest {
    private static final int COUNT = 600;

    @TempDir Path dir;

    @Test
    void aConfigurationAndArraysAreTrainedEvaluatedAndSavedForARun() throws IOException {
        MultiLayerConfiguration configuration =
                new NeuralNetConfiguration.Builder()
                        .seed(1)
                        .updater(new Adam(0.01))
                        .list()
                        .layer(
                                new DenseLayer.Builder()
                                        .nIn(4)
                                        .nOut(16)
                                        .activation(Activation.TANH)
                                        .build())
                        .layer(
                                new OutputLayer.Builder(LossFunction.MCXENT)
                                        .activation(Activation.SOFTMAX)
                                        .nIn(16)
                                        .nOut(3)
                                        .build())
                        .build();
        float[][] features = new float[COUNT][4];
        int[] labels = new int[COUNT];
        fill(features, labels);

        ModelDefinition model = Dl4jModels.of(configuration);
        Samples samples = ArraySamples.of(new int[] {4}, 3, features, labels);
        Path file = dir.resolve("model.zip");
        Engine.Evaluation trained;
        try (Engine engine = Engines.open(model, 1)) {
            engine.train(samples, Shuffle.identity(samples.count()), 10, 16, 1);
            trained = engine.evaluate(samples);
            Files.write(file, engine.save());
        }

        assertTrue(trained.accuracy() > 0.95, trained.toString());
        ModelDefinition forARun = Models.open(file.toString(), new int[] {4}, 3, 0.1, 1);
        try (Engine again = Engines.open(forARun, 1)) {
            assertEquals(trained, again.evaluate(samples));
        }
    }

    @Test
    void nativeArraysGiveTheSameSamples() {
        Dl4jRuntime.start();
        float[][] features = new float[COUNT][4];
        int[] labels = new int[COUNT];
        fill(features, labels);
        INDArray oneHot = Nd4j.zeros(COUNT, 3);
        for (int i = 0; i < COUNT; i++) {
            oneHot.putScalar(i, labels[i], 1);
        }
        ArraySamples samples = Dl4jModels.samples(Nd4j.create(features), oneHot);
        assertEquals(COUNT, samples.count());
        assertEquals(3, samples.classCount());
        assertArrayEquals(new int[] {4}, samples.featureShape());
        float[] row = new float[4];
        for (int i = 0; i < COUNT; i++) {
            samples.features(i, row, 0);
            assertArrayEquals(features[i], row);
            assertEquals(labels[i], samples.label(i));
        }
    }

    @Test
    void arraysThatDoNotFitAreRefusedWithTheFirstThatDoesNot() {
        int[] shape = {2};
        float[][] features = {{1, 2}, {1}};
        assertRefused("Sample 1 has 1 numbers", shape, features, 0, 1);
        assertRefused("Sample 0 has the label 2", shape, new float[][] {{1, 2}}, 2);
        assertRefused("1 samples came with 0 labels", shape, new float[][] {{1, 2}});
    }

    private static void assertRefused(String said, int[] shape, float[][] features, int... labels) {
        String message =
                assertThrows(
                                InputException.class,
                                () -> ArraySamples.of(shape, 2, features, labels))
                        .getMessage();
        assertTrue(message.startsWith(said), message);
    }

    /** Three clouds. */
    private static void fill(float[][] features, int[] labels) {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < COUNT; i++) {
            labels[i] = i % 3;
            for (int j = 0; j < 4; j++) {
                features[i][j] = (float) (random.nextDouble() + (j % 3 == labels[i] ? 1 : 0));
            }
        }
    }
}
