package org.hermesml.training.torch;

import static org.hermesml.training.torch.TorchNets.DIGITS;
import static org.hermesml.training.torch.TorchNets.OTHERS;
import static org.hermesml.training.torch.TorchNets.TERMS;
import static org.hermesml.training.torch.TorchNets.builtIn;
import static org.hermesml.training.torch.TorchNets.open;
import static org.hermesml.training.torch.TorchNets.withDropout;
import static org.hermesml.training.torch.TorchNets.withEverything;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.hermesml.core.settings.EngineNames;
import org.hermesml.training.Engine;
import org.hermesml.training.Engine.Evaluation;
import org.hermesml.training.EngineTerms;
import org.hermesml.training.Engines;
import org.hermesml.training.ModelDefinition;
import org.hermesml.training.TrainingException;
import org.hermesml.training.data.Shuffle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TorchEngineTest {
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
            float[] before = engine.parameters();
            engine.train(DIGITS, new int[] {3, 8}, 1, 2, 1);
            float[] after = engine.parameters();
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
            float[] trained = first.parameters();
            second.writeParameters(trained);
            assertArrayEquals(trained, second.parameters());
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
            float[] here = engine.parameters();
            List<Evaluation> found = new ArrayList<>();
            Thread thread =
                    new Thread(
                            () -> {
                                engine.train(DIGITS, Shuffle.identity(100), 1, 16, 2);
                                found.add(engine.evaluate(OTHERS));
                            });
            thread.start();
            thread.join();
            assertNotEquals(Arrays.hashCode(here), Arrays.hashCode(engine.parameters()));
            assertEquals(found, List.of(engine.evaluate(OTHERS)));
        }
    }

    private static float[] trained(long seed, byte[] file) {
        try (Engine engine = open(file)) {
            engine.train(DIGITS, Shuffle.identity(100), 1, 16, seed);
            return engine.parameters();
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
}
