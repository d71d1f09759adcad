package org.hermesml.training.keras;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.hermesml.core.InputException;
import org.hermesml.training.ArraySamples;
import org.hermesml.training.Engine;
import org.hermesml.training.Engines;
import org.hermesml.training.ModelDefinition;
import org.hermesml.training.Models;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.learning.regularization.L2Regularization;

/** Small files laid out as Keras 2 lays them out; {@code make.py} beside them wrote them. */
class KerasFileTest {
    private static final Path FILES = Path.of("src/test/resources/keras");

    @TempDir Path dir;

    @Test
    void aGraphWithImagesGivesWhatNumpyGives() throws IOException {
        List<float[]> numbers =
                Files.readAllLines(FILES.resolve("functional.txt")).stream()
                        .filter(line -> !line.startsWith("#"))
                        .map(KerasFileTest::numbers)
                        .toList();
        ComputationGraph graph =
                ModelSerializer.restoreComputationGraph(
                        new ByteArrayInputStream(read("functional.h5")), true);
        float[][] images = numbers.subList(0, 4).toArray(float[][]::new);
        float[][] expected = numbers.subList(4, 8).toArray(float[][]::new);
        float[][] found =
                graph.outputSingle(Nd4j.create(images).reshape(4, 2, 6, 5)).toFloatMatrix();
        for (int i = 0; i < 4; i++) {
            assertArrayEquals(expected[i], found[i], 1e-5f);
        }
        assertFalse(
                graph.getConfiguration().toJson().contains("NHWC"),
                "channels last, which the fast convolutions do not take");
    }

    @Test
    void theWeightsGoBackInTheOrderAndShapeOfKeras() throws IOException {
        byte[] zip = read("functional.h5");
        List<String> names = new java.util.ArrayList<>();
        try (Engine engine = Engines.open(new ModelDefinition(Engines.DL4J, zip), 1);
                var in =
                        new java.util.zip.ZipInputStream(
                                new ByteArrayInputStream(engine.extras().get("weights.npz")))) {
            for (var entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                byte[] bytes = in.readAllBytes();
                String header =
                        new String(bytes, 10, 118, java.nio.charset.StandardCharsets.US_ASCII);
                names.add(entry.getName() + header.replaceAll(".*(\\(.*\\)).*\n.*", "$1").strip());
            }
        }
        assertEquals(
                List.of(
                        "first/kernel:0.npy(3, 3, 2, 4)",
                        "first/bias:0.npy(4,)",
                        "norm/gamma:0.npy(4,)",
                        "norm/beta:0.npy(4,)",
                        "norm/moving_mean:0.npy(4,)",
                        "norm/moving_variance:0.npy(4,)",
                        "second/kernel:0.npy(3, 3, 4, 4)",
                        "second/bias:0.npy(4,)",
                        "classes/kernel:0.npy(120, 3)",
                        "classes/bias:0.npy(3,)"),
                names);
    }

    @Test
    void whatWasSavedAgainStillKnowsTheOrderOfKeras() throws IOException {
        try (Engine engine =
                        Engines.open(new ModelDefinition(Engines.DL4J, read("functional.h5")), 1);
                Engine again = Engines.open(new ModelDefinition(Engines.DL4J, engine.save()), 1)) {
            assertArrayEquals(
                    engine.extras().get("weights.npz"), again.extras().get("weights.npz"));
        }
    }

    @Test
    void aFileWithoutLossGetsTheUsualOneAndTheLearningRateAtHand() throws IOException {
        MultiLayerNetwork network = network(read("binary.h5"));
        OutputLayer output = (OutputLayer) network.getOutputLayer().conf().getLayer();
        assertEquals("LossBinaryXENT()", output.getLossFn().toString());
        assertEquals(new Sgd(0.25), output.getIUpdater());
        BaseLayer hidden = (BaseLayer) network.getLayer(0).conf().getLayer();
        assertEquals(
                List.of(new L2Regularization(0.01)).toString(),
                hidden.getRegularization().toString());
    }

    @Test
    void oneSigmoidUnitTellsTwoClassesAndLearnsThem() throws IOException {
        float[][] features = new float[400][4];
        int[] labels = new int[400];
        for (int i = 0; i < 400; i++) {
            labels[i] = i % 2;
            for (int j = 0; j < 4; j++) {
                features[i][j] = (labels[i] == 1 ? 1 : -1) * (1 + (i * 7 + j) % 5 / 5f);
            }
        }
        ArraySamples samples = ArraySamples.of(new int[] {4}, 2, features, labels);
        try (Engine engine =
                Engines.open(new ModelDefinition(Engines.DL4J, read("binary.h5")), 1)) {
            engine.train(samples, java.util.stream.IntStream.range(0, 400).toArray(), 20, 16, 1);
            Engine.Evaluation after = engine.evaluate(samples);
            assertTrue(after.accuracy() > 0.95, after.toString());
            assertTrue(after.loss() < 0.4, after.toString());
        }
    }

    @Test
    void logitsGetSoftmaxAndOptimiserAndFrozenLayersAreTakenOver() throws IOException {
        MultiLayerNetwork network = network(read("logits.h5"));
        OutputLayer output = (OutputLayer) network.getOutputLayer().conf().getLayer();
        assertEquals(new ActivationSoftmax(), output.getActivationFn());
        assertEquals(new Adam(0.002, 0.8, 0.99, 1e-6), output.getIUpdater());
        assertEquals(new NoOp(), ((BaseLayer) network.getLayer(0).conf().getLayer()).getIUpdater());
    }

    @Test
    void whatAPersonSaysStandsInPlaceOfWhatTheFileSays() throws IOException {
        byte[] zip =
                KerasFile.read(
                        FILES.resolve("logits.h5"),
                        Optional.of("mean_squared_error"),
                        Optional.of(0.5),
                        0.25);
        OutputLayer output = (OutputLayer) network(zip).getOutputLayer().conf().getLayer();
        assertEquals("LossMSE()", output.getLossFn().toString());
        assertEquals(new Adam(0.5, 0.8, 0.99, 1e-6), output.getIUpdater());
    }

    @Test
    void whatCannotBeImportedIsRefusedInOneSentence() throws IOException {
        refused("linear.h5", "name one with --loss");
        refused("keras3.h5", "is of Keras 3.5.0");
        refused("unknown-layer.h5", "layer 'gaze' (Attention)");
        refused("activity.h5", "layer 'hidden' has the activity_regularizer");
        refused("no-weights.h5", "required for layer out");
        refused("weights-only.h5", "weights of a Keras model but not its layers");
        refused("other.h5", "holds no Keras model");
    }

    @Test
    void aTruncatedFileIsRefusedWhereverItEnds() throws IOException {
        byte[] whole = Files.readAllBytes(FILES.resolve("functional.h5"));
        for (int kept : new int[] {8, 100, 2000, whole.length / 2, whole.length - 1}) {
            Path cut = Files.write(dir.resolve("cut.h5"), Arrays.copyOf(whole, kept));
            String said = message(cut);
            assertTrue(said.contains("truncated or damaged"), kept + ": " + said);
        }
    }

    @Test
    void nothingIsLeftBehind() throws IOException {
        Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
        read("functional.h5");
        message(FILES.resolve("unknown-layer.h5"));
        try (var files = Files.list(temporary)) {
            assertEquals(
                    List.of(),
                    files.filter(f -> f.getFileName().toString().startsWith(KerasFile.TEMPORARY))
                            .toList());
        }
    }

    @Test
    void aLossThatIsNotKnownIsRefusedWithThoseThatAre() {
        InputException refused =
                assertThrows(
                        InputException.class,
                        () ->
                                KerasFile.read(
                                        FILES.resolve("linear.h5"),
                                        Optional.of("hinge"),
                                        Optional.empty(),
                                        0.1));
        assertTrue(
                refused.getMessage().contains("'hinge' cannot be used: categorical_crossentropy"));
    }

    private static void refused(String file, String said) {
        String message = message(FILES.resolve(file));
        assertTrue(message.contains(said), message);
        assertTrue(message.endsWith("."), message);
        assertFalse(message.contains("\n"), message);
    }

    private static String message(Path file) {
        return assertThrows(
                        InputException.class,
                        () -> Models.open(file.toString(), new int[] {4}, 3, 0.1, 1))
                .getMessage();
    }

    private static byte[] read(String file) throws IOException {
        return KerasFile.read(FILES.resolve(file), Optional.empty(), Optional.empty(), 0.25);
    }

    private static MultiLayerNetwork network(byte[] zip) throws IOException {
        return ModelSerializer.restoreMultiLayerNetwork(new ByteArrayInputStream(zip), true);
    }

    private static float[] numbers(String line) {
        String[] parts = line.split(" ");
        float[] numbers = new float[parts.length];
        for (int i = 0; i < parts.length; i++) {
            numbers[i] = Float.parseFloat(parts[i]);
        }
        return numbers;
    }
}
