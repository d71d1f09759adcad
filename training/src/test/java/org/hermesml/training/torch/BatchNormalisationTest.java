package org.hermesml.training.torch;

import static org.hermesml.training.torch.TorchNets.DIGITS;
import static org.hermesml.training.torch.TorchNets.OTHERS;
import static org.hermesml.training.torch.TorchNets.TERMS;
import static org.hermesml.training.torch.TorchNets.builtIn;
import static org.hermesml.training.torch.TorchNets.normalised;
import static org.hermesml.training.torch.TorchNets.open;
import static org.hermesml.training.torch.TorchNets.withEverything;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.hermesml.training.AveragingEngine;
import org.hermesml.training.Engine;
import org.hermesml.training.Engine.Evaluation;
import org.hermesml.training.Engines;
import org.hermesml.training.Samples;
import org.hermesml.training.data.SamplesView;
import org.hermesml.training.data.Shuffle;
import org.junit.jupiter.api.Test;

class BatchNormalisationTest {
    @Test
    void batchNormalisationUsesTheBatchInTrainingAndItsStatisticsInEvaluation() {
        try (Engine engine = open(normalised())) {
            float[] before = engine.parameters();
            // as made: mean / deviation 0 and log(deviation) 0
            for (int i = before.length - 32; i < before.length; i++) {
                assertEquals(0, before[i], 1e-7);
            }
            engine.train(DIGITS, Shuffle.identity(600), 3, 32, 1);
            float[] after = engine.parameters();
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
            assertArrayEquals(after, engine.parameters());
        }
    }

    @Test
    void statisticsTravelWithTheParametersSoThatAnotherDeviceEvaluatesTheSame() {
        try (Engine worker = open(normalised());
                Engine evaluator = open(normalised())) {
            worker.train(DIGITS, Shuffle.identity(600), 3, 32, 1);
            evaluator.writeParameters(worker.parameters());
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
            float[] mean = first.parameters();
            float[] other = second.parameters();
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

    /** With the mean over the end of a pass, whose last part would be that sample alone. */
    @Test
    void aLastSampleByItselfJoinsAlsoWhereWeightsAreAveraged() {
        try (Engine engine = AveragingEngine.of(open(withEverything()), 0.5)) {
            assertEquals(2, engine.train(DIGITS, Shuffle.identity(33), 1, 16, 1).steps());
            assertEquals(16, engine.train(DIGITS, Shuffle.identity(257), 1, 16, 1).steps());
            assertTrue(Double.isFinite(engine.evaluate(OTHERS).loss()));
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
}
