package org.hermesml.training.keras;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.hermesml.training.ArraySamples;
import org.hermesml.training.AveragingEngine;
import org.hermesml.training.Engine;
import org.hermesml.training.Engine.Evaluation;
import org.hermesml.training.Engines;
import org.hermesml.training.ModelDefinition;
import org.hermesml.training.TestData;
import org.hermesml.training.data.Dataset;
import org.hermesml.training.data.Datasets;
import org.junit.jupiter.api.Test;

/** Files that Keras wrote, from public repositories. */
class RealKerasFilesTest {
    @Test
    void allFilesAreImportedWithTheirWeights() throws IOException {
        for (String name :
                List.of(
                        "C3NZ-mnist 225034 8",
                        "hcpv-mnist_cnn 23946 8",
                        "dl4j-elephas_sequential 118282 6",
                        "dl4j-dense_tensorflow_2 30 2",
                        "dl4j-conv2d_tensorflow_2 276 2")) {
            String[] parts = name.split(" ");
            try (Engine engine = open(parts[0])) {
                assertEquals(Integer.parseInt(parts[1]), engine.parameterCount(), name);
                assertTrue(engine.extras().get("weights.npz").length > 4 * engine.parameterCount());
            }
        }
    }

    /**
     * Expected loss and accuracy: a forward pass in numpy over the file's own arrays, on the first
     * 1,000 test images, divided by 255.
     */
    @Test
    void trainedNetworksScoreAsInKerasAndTrainOnWithoutLosingIt() throws IOException {
        Path folder = TestData.folder();
        Dataset mnist = Datasets.open("mnist", folder, 1);
        ArraySamples test = TestData.first(mnist.test(), 1000);
        trainsOn("C3NZ-mnist", 0.974, 0.064851, mnist, test);
        trainsOn("hcpv-mnist_cnn", 0.983, 0.051652, mnist, test);
    }

    private static void trainsOn(
            String file, double accuracy, double loss, Dataset mnist, ArraySamples test)
            throws IOException {
        try (Engine engine = AveragingEngine.of(open(file), 0.5)) {
            Evaluation before = engine.evaluate(test);
            assertEquals(accuracy, before.accuracy(), 1e-9, file);
            assertEquals(loss, before.loss(), 1e-5, file);
            engine.train(mnist.train(), IntStream.range(0, 6000).toArray(), 1, 32, 1);
            Evaluation after = engine.evaluate(test);
            assertTrue(after.accuracy() >= accuracy - 0.005, file + ": " + after);
        }
    }

    @Test
    void theDenseNetworkTakesImagesAsRowsAndLearns() throws IOException {
        Dataset mnist = Datasets.open("mnist", TestData.folder(), 1);
        ArraySamples test = TestData.first(mnist.test(), 1000);
        try (Engine engine = open("dl4j-elephas_sequential")) {
            assertTrue(engine.evaluate(test).accuracy() < 0.2);
            engine.train(mnist.train(), IntStream.range(0, 10_000).toArray(), 1, 16, 1);
            double after = engine.evaluate(test).accuracy();
            assertTrue(after > 0.8, "accuracy " + after);
        }
    }

    private static Engine open(String name) throws IOException {
        Path file = TestData.file("keras/" + name + ".h5");
        byte[] zip = KerasFile.read(file, Optional.empty(), Optional.empty(), 0.1);
        return Engines.open(new ModelDefinition(Engines.DL4J, zip), 1);
    }
}
