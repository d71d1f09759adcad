package org.hermesml.training.dl4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.hermesml.training.ArraySamples;
import org.hermesml.training.Engine;
import org.hermesml.training.Engines;
import org.hermesml.training.ModelDefinition;
import org.hermesml.training.Models;
import org.hermesml.training.TestData;
import org.hermesml.training.data.Dataset;
import org.hermesml.training.data.Datasets;
import org.hermesml.training.data.Shuffle;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;

/** Deeplearning4j's own test model: 784-64-10 with Adam. */
class RealDl4jFilesTest {
    private static final int[] SHAPE = {1, 28, 28};

    @Test
    void recordedParametersEvaluateAsInPlainDeeplearning4j() throws IOException {
        Path file = TestData.file("dl4j/MLPMnist-untrained.zip");
        INDArray trained;
        try (DataInputStream in =
                new DataInputStream(
                        Files.newInputStream(TestData.file("dl4j/MLPMnist-paramsPostTrain.bin")))) {
            trained = Nd4j.read(in);
        }
        Dataset mnist = Datasets.open("mnist", TestData.folder(), 1);
        ArraySamples test = TestData.first(mnist.test(), 1000);

        MultiLayerNetwork plain = ModelSerializer.restoreMultiLayerNetwork(file.toFile(), true);
        plain.setParams(trained);
        float[][] rows = new float[1000][784];
        int[] labels = new int[1000];
        for (int i = 0; i < 1000; i++) {
            test.features(i, rows[i], 0);
            labels[i] = test.label(i);
        }
        INDArray output = plain.output(Nd4j.create(rows));
        int[] told = output.argMax(1).toIntVector();
        int right = 0;
        double loss = 0;
        for (int i = 0; i < 1000; i++) {
            right += told[i] == labels[i] ? 1 : 0;
            loss -= Math.log(output.getDouble(i, labels[i])) / 1000;
        }

        ModelDefinition model = Models.open(file.toString(), SHAPE, 10, 0.1, 1);
        try (Engine engine = Engines.open(model, 1)) {
            engine.writeParameters(trained.toFloatVector());
            Engine.Evaluation found = engine.evaluate(test);
            assertEquals(right / 1000.0, found.accuracy(), 1e-12);
            assertTrue(right > 500, "untrained: " + right);
            assertEquals(loss, found.loss(), 1e-5);
        }
    }

    @Test
    void theModelTrainsWithItsAdam() throws IOException {
        Path file = TestData.file("dl4j/MLPMnist-untrained.zip");
        Dataset mnist = Datasets.open("mnist", TestData.folder(), 1);
        ArraySamples test = TestData.first(mnist.test(), 1000);
        ModelDefinition model = Models.open(file.toString(), SHAPE, 10, 0.1, 1);
        try (Engine engine = Engines.open(model, 1)) {
            engine.train(mnist.train(), Shuffle.identity(20_000), 1, 32, 1);
            double accuracy = engine.evaluate(test).accuracy();
            assertTrue(accuracy > 0.85, "accuracy " + accuracy);
            MultiLayerNetwork saved = (MultiLayerNetwork) Dl4jFile.read(engine.save()).model();
            BaseLayer first = (BaseLayer) saved.getLayer(0).conf().getLayer();
            assertTrue(first.getIUpdater() instanceof Adam, first.getIUpdater().toString());
            assertTrue(
                    saved.getUpdater().getStateViewArray().norm2Number().doubleValue() > 0,
                    "the moments were not saved");
        }
    }
}
