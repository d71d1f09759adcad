package org.hermesml.training.torch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
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
import org.hermesml.training.data.SamplesView;
import org.hermesml.training.data.Shuffle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TorchEngineTest {
    private static final int[] SHAPE = {1, 28, 28};
    private static final EngineTerms TERMS = new EngineTerms(EngineNames.AUTO, 0.1, 1);
    private static final Samples DIGITS = Digits.make(11, 600, 200).train();
    private static final Samples OTHERS = Digits.make(11, 600, 200).test();

    @ParameterizedTest
    @ValueSource(strings = {"mlp", "cnn"})
    void aFileOfTorchGivesTheLogitsThatTorchNoted(String name) throws IOException {
        Path folder = torchFiles();
        double[] expected =
                Files.readAllLines(folder.resolve("expected.txt")).stream()
                        .filter(line -> line.startsWith(name + " "))
                        .flatMap(line -> Arrays.stream(line.split(" ")).skip(1))
                        .mapToDouble(Double::parseDouble)
                        .toArray();
        byte[] bytes = Files.readAllBytes(folder.resolve(name + ".pt"));
        assertArrayEquals(expected, logits(bytes), 2e-6);
    }

    @ParameterizedTest
    @ValueSource(strings = {"mlp", "cnn", "alexnet"})
    void aBuiltInModelIsWrittenInTorchsFormatAndLearns(String name) {
        ModelDefinition model = builtIn(name, 0.05);
        try (Engine engine = Engines.open(model, new EngineTerms(EngineNames.PYTORCH, 0.05, 1))) {
            Evaluation before = engine.evaluate(OTHERS);
            assertEquals(Math.log(10), before.loss(), 1.2);
            for (int i = 0; i < (name.equals("alexnet") ? 3 : 6); i++) {
                engine.train(DIGITS, Shuffle.identity(600), 2, 16, i);
            }
            Evaluation after = engine.evaluate(OTHERS);
            assertTrue(after.accuracy() > 0.5 || name.equals("alexnet"), name + " " + after);
            assertTrue(after.loss() < before.loss(), before + " " + after);
        }
    }

    @Test
    void aStepIsThatOfPlainSgdOnTheMeanOfTheMiniBatch() {
        // one dense layer: weights -= rate * (softmax - label) * input, averaged over the batch
        SplittableRandom random = new SplittableRandom(1);
        byte[] file =
                ScriptFile.write(
                        List.of(ScriptLayer.flatten(), ScriptLayer.dense(784, 10, 1, random)));
        try (Engine engine = open(file)) {
            float[] before = parameters(engine);
            engine.train(DIGITS, new int[] {3, 8}, 1, 2, 1);
            float[] after = parameters(engine);
            double[] expected = new double[before.length];
            for (int sample : new int[] {3, 8}) {
                float[] x = new float[784];
                DIGITS.features(sample, x, 0);
                double[] share = softmax(before, x);
                for (int j = 0; j < 10; j++) {
                    double slope = (share[j] - (DIGITS.label(sample) == j ? 1 : 0)) / 2;
                    for (int i = 0; i < 784; i++) {
                        expected[j * 784 + i] -= 0.1 * slope * x[i];
                    }
                    expected[7840 + j] -= 0.1 * slope;
                }
            }
            for (int i = 0; i < before.length; i++) {
                assertEquals(expected[i], after[i] - before[i], 1e-6);
            }
        }
    }

    @Test
    void parametersGoOutAndComeBackAndDecideWhatTheModelSays() {
        ModelDefinition model = builtIn("cnn", 0.1);
        try (Engine first = Engines.open(model, TERMS);
                Engine second = Engines.open(model, TERMS)) {
            first.train(DIGITS, Shuffle.identity(100), 1, 16, 1);
            float[] trained = parameters(first);
            second.writeParameters(trained);
            assertArrayEquals(trained, parameters(second));
            assertEquals(first.evaluate(OTHERS), second.evaluate(OTHERS));
            assertThrows(
                    IllegalArgumentException.class, () -> second.writeParameters(new float[3]));
        }
    }

    @Test
    void oneSeedGivesTheSameBitsAndAnotherOneDoesNot() {
        assertArrayEquals(trained(7, withEverything()), trained(7, withEverything()));
        assertNotEquals(
                Arrays.hashCode(trained(7, withEverything())),
                Arrays.hashCode(trained(8, withEverything())));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theSavedFileScoresTheSameAndTrainsOn(boolean batchNormalisation) {
        byte[] file = batchNormalisation ? withEverything() : builtIn("cnn", 0.1).bytes();
        try (Engine engine = open(file)) {
            engine.train(DIGITS, Shuffle.identity(200), 2, 16, 3);
            Evaluation here = engine.evaluate(OTHERS);
            try (Engine again = open(engine.save())) {
                assertEquals(here, again.evaluate(OTHERS));
                assertArrayEquals(parameters(engine), parameters(again));
                again.train(DIGITS, Shuffle.identity(200), 2, 16, 4);
                assertTrue(again.evaluate(OTHERS).loss() < here.loss());
            }
        }
    }

    /** What torch itself would find in it: the code is as it was, statistics are buffers. */
    @Test
    void theSavedFileDeclaresStatisticsAsBuffersAgain() throws IOException {
        try (Engine engine = open(withEverything())) {
            String code = code(engine.save());
            assertTrue(
                    code.contains(
                            "__buffers__ = [\"running_mean\", \"running_var\","
                                    + " \"num_batches_tracked\", ]"),
                    code);
            assertTrue(code.contains("__parameters__ = [\"weight\", \"bias\", ]"), code);
        }
    }

    @Test
    void dropoutIsForTrainingOnly() {
        byte[] file = withDropout(0.5);
        try (Engine engine = open(file)) {
            assertEquals(engine.evaluate(OTHERS), engine.evaluate(OTHERS));
        }
        // a rate of 0 is a net without dropout: what it learns must differ, what it says must not
        byte[] none = withDropout(0);
        try (Engine half = open(file);
                Engine full = open(none)) {
            assertEquals(full.evaluate(OTHERS), half.evaluate(OTHERS));
        }
        assertNotEquals(Arrays.hashCode(trained(1, file)), Arrays.hashCode(trained(1, none)));
    }

    @Test
    void batchNormalisationUsesTheBatchInTrainingAndItsStatisticsInEvaluation() {
        try (Engine engine = open(normalised())) {
            float[] before = parameters(engine);
            // as made: mean / deviation 0 and log(deviation) 0
            for (int i = before.length - 32; i < before.length; i++) {
                assertEquals(0, before[i], 1e-7);
            }
            engine.train(DIGITS, Shuffle.identity(600), 3, 32, 1);
            float[] after = parameters(engine);
            int changed = 0;
            for (int i = after.length - 32; i < after.length; i++) {
                changed += Math.abs(after[i]) > 0.05 ? 1 : 0;
            }
            assertTrue(changed > 16, Arrays.toString(after));
            Evaluation whole = engine.evaluate(OTHERS);
            assertTrue(whole.accuracy() > 0.5, whole.toString());
            // what a sample gets in evaluation does not depend on the samples beside it
            double alone = 0;
            for (int i = 0; i < 20; i++) {
                alone += engine.evaluate(part(i, 1)).loss() / 20;
            }
            Evaluation together = engine.evaluate(part(0, 20));
            assertEquals(together.loss(), alone, 1e-5);
            assertArrayEquals(after, parameters(engine));
        }
    }

    @Test
    void statisticsTravelWithTheParametersSoThatAnotherDeviceEvaluatesTheSame() {
        try (Engine worker = open(normalised());
                Engine evaluator = open(normalised())) {
            worker.train(DIGITS, Shuffle.identity(600), 3, 32, 1);
            evaluator.writeParameters(parameters(worker));
            Evaluation there = evaluator.evaluate(OTHERS);
            assertEquals(worker.evaluate(OTHERS).loss(), there.loss(), 1e-4);
        }
    }

    @Test
    void theMeanOfTwoModelsAndACoarseRoundingStillEvaluate() {
        try (Engine first = open(normalised());
                Engine second = open(normalised())) {
            first.train(DIGITS, Shuffle.identity(300), 4, 32, 1);
            second.train(DIGITS, Shuffle.identity(600), 4, 32, 2);
            float[] mean = parameters(first);
            float[] other = parameters(second);
            float highest = 0;
            for (int i = 0; i < mean.length; i++) {
                mean[i] = (mean[i] + other[i]) / 2;
                highest = Math.max(highest, Math.abs(mean[i]));
            }
            // as int8 travels, with one scale for all
            for (int i = 0; i < mean.length; i++) {
                mean[i] = Math.round(mean[i] / highest * 127) * highest / 127;
            }
            first.writeParameters(mean);
            Evaluation evaluation = first.evaluate(OTHERS);
            assertTrue(evaluation.accuracy() > 0.5, evaluation.toString());
        }
    }

    @Test
    void aLastSampleByItselfJoinsTheMiniBatchBeforeItWhereANetNormalises() {
        try (Engine normalising = open(normalised());
                Engine plain = Engines.open(builtIn("mlp", 0.1), TERMS)) {
            assertEquals(2, normalising.train(DIGITS, Shuffle.identity(33), 1, 16, 1).steps());
            assertEquals(3, plain.train(DIGITS, Shuffle.identity(33), 1, 16, 1).steps());
        }
    }

    @ParameterizedTest
    @CsvSource({"logits", "logarithms", "probabilities", "columns"})
    void logitsTheirLogarithmsAndProbabilitiesAreTrainedAlike(String outputs) {
        List<ScriptLayer> layers = small();
        TrainingResult expected;
        Evaluation scored;
        try (Engine engine = open(ScriptFile.write(layers))) {
            expected = engine.train(DIGITS, Shuffle.identity(300), 2, 16, 1);
            scored = engine.evaluate(OTHERS);
        }
        switch (outputs) {
            case "logarithms" -> layers.add(ScriptLayer.logSoftmax());
            case "columns" -> layers.add(ScriptLayer.columnMajor());
            case "probabilities" -> layers.add(ScriptLayer.softmax());
            default -> {}
        }
        try (Engine engine = open(ScriptFile.write(layers))) {
            TrainingResult result = engine.train(DIGITS, Shuffle.identity(300), 2, 16, 1);
            assertEquals(expected.loss(), result.loss(), 1e-3);
            assertEquals(scored.loss(), engine.evaluate(OTHERS).loss(), 1e-3);
        }
    }

    @Test
    void aLossThatIsNoNumberStopsTheTraining() {
        EngineTerms wild = new EngineTerms(EngineNames.AUTO, 1e30, 1);
        try (Engine engine = Engines.open(builtIn("mlp", 0.1), wild)) {
            String message =
                    assertThrows(
                                    TrainingException.class,
                                    () -> engine.train(DIGITS, Shuffle.identity(100), 1, 16, 1))
                            .getMessage();
            assertTrue(message.contains("learning rate is too high"), message);
        }
    }

    @Test
    void anyThreadMayTrainAndEvaluate() throws InterruptedException {
        ModelDefinition model = builtIn("mlp", 0.1);
        try (Engine engine = Engines.open(model, TERMS)) {
            engine.train(DIGITS, Shuffle.identity(100), 1, 16, 1);
            float[] here = parameters(engine);
            List<Evaluation> found = new ArrayList<>();
            Thread thread =
                    new Thread(
                            () -> {
                                engine.train(DIGITS, Shuffle.identity(100), 1, 16, 2);
                                found.add(engine.evaluate(OTHERS));
                            });
            thread.start();
            thread.join();
            assertNotEquals(Arrays.hashCode(here), Arrays.hashCode(parameters(engine)));
            assertEquals(found, List.of(engine.evaluate(OTHERS)));
        }
    }

    private static Path torchFiles() {
        String data = System.getenv("HERMES_DATA");
        Path folder = data == null ? null : Path.of(data, "pytorch");
        assumeTrue(
                folder != null && Files.isDirectory(folder),
                "Torch's own files are not read: the environment variable HERMES_DATA names no"
                        + " folder that holds pytorch/");
        return folder;
    }

    /** Of the one image that expected.txt speaks of. */
    private static double[] logits(byte[] file) {
        try (Engine engine = open(file)) {
            float[] logits = ((TorchEngine) engine).outputs(new Ramp(), 0);
            return IntStream.range(0, logits.length).mapToDouble(i -> logits[i]).toArray();
        }
    }

    /** One image whose pixels rise from 0 to 1. */
    private record Ramp() implements Samples {
        @Override
        public int count() {
            return 1;
        }

        @Override
        public int[] featureShape() {
            return SHAPE;
        }

        @Override
        public int classCount() {
            return 10;
        }

        @Override
        public void features(int index, float[] into, int offset) {
            for (int i = 0; i < 784; i++) {
                into[offset + i] = i / 783f;
            }
        }

        @Override
        public int label(int index) {
            return 0;
        }
    }

    /** A few consecutive samples. */
    private static Samples part(int from, int count) {
        return new SamplesView(OTHERS) {
            @Override
            public int count() {
                return count;
            }

            @Override
            public void features(int index, float[] into, int offset) {
                super.features(from + index, into, offset);
            }

            @Override
            public int label(int index) {
                return super.label(from + index);
            }
        };
    }

    private static ModelDefinition builtIn(String name, double rate) {
        return Models.open(name, SHAPE, 10, rate, 5, Models.Wishes.ofEngine(EngineNames.PYTORCH));
    }

    private static Engine open(byte[] file) {
        return Engines.open(new ModelDefinition(Engines.TORCHSCRIPT, file), TERMS);
    }

    private static List<ScriptLayer> small() {
        SplittableRandom random = new SplittableRandom(3);
        return new ArrayList<>(
                List.of(
                        ScriptLayer.flatten(),
                        ScriptLayer.dense(784, 32, 2, random),
                        ScriptLayer.relu(),
                        ScriptLayer.dense(32, 10, 1, random)));
    }

    private static byte[] withDropout(double rate) {
        List<ScriptLayer> layers = small();
        layers.add(3, ScriptLayer.dropout(rate));
        return ScriptFile.write(layers);
    }

    private static byte[] normalised() {
        SplittableRandom random = new SplittableRandom(3);
        return ScriptFile.write(
                List.of(
                        ScriptLayer.convolution(1, 16, 5, 0, random),
                        ScriptLayer.batchNormalisation(16),
                        ScriptLayer.relu(),
                        ScriptLayer.pooling(),
                        ScriptLayer.flatten(),
                        ScriptLayer.dense(16 * 12 * 12, 10, 1, random)));
    }

    private static byte[] withEverything() {
        SplittableRandom random = new SplittableRandom(3);
        return ScriptFile.write(
                List.of(
                        ScriptLayer.convolution(1, 8, 5, 0, random),
                        ScriptLayer.batchNormalisation(8),
                        ScriptLayer.relu(),
                        ScriptLayer.pooling(),
                        ScriptLayer.flatten(),
                        ScriptLayer.dropout(0.2),
                        ScriptLayer.dense(8 * 12 * 12, 32, 2, random),
                        ScriptLayer.batchNormalisation(32),
                        ScriptLayer.relu(),
                        ScriptLayer.dense(32, 10, 1, random)));
    }

    private static float[] trained(long seed, byte[] file) {
        try (Engine engine = open(file)) {
            engine.train(DIGITS, Shuffle.identity(100), 1, 16, seed);
            return parameters(engine);
        }
    }

    private static String code(byte[] file) throws IOException {
        Path path = Files.createTempFile("saved", ".pt");
        try (java.util.zip.ZipFile zip =
                new java.util.zip.ZipFile(Files.write(path, file).toFile())) {
            StringBuilder code = new StringBuilder();
            for (var entry : java.util.Collections.list(zip.entries())) {
                if (entry.getName().endsWith(".py")) {
                    code.append(
                            new String(
                                    zip.getInputStream(entry).readAllBytes(),
                                    java.nio.charset.StandardCharsets.UTF_8));
                }
            }
            return code.toString();
        } finally {
            Files.delete(path);
        }
    }

    private static double[] softmax(float[] parameters, float[] x) {
        double[] share = new double[10];
        double sum = 0;
        for (int j = 0; j < 10; j++) {
            double z = parameters[7840 + j];
            for (int i = 0; i < 784; i++) {
                z += parameters[j * 784 + i] * x[i];
            }
            share[j] = Math.exp(z);
            sum += share[j];
        }
        for (int j = 0; j < 10; j++) {
            share[j] /= sum;
        }
        return share;
    }

    private static float[] parameters(Engine engine) {
        float[] parameters = new float[engine.parameterCount()];
        engine.readParameters(parameters);
        return parameters;
    }
}
