package org.hermesml.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.hermesml.training.data.Digits;
import org.hermesml.training.data.HeldOut;
import org.hermesml.training.data.Shuffle;
import org.junit.jupiter.api.Test;

class AveragingEngineTest {
    private final Counting counting = new Counting();

    @Test
    void withoutATailTheEngineIsItself() {
        assertSame(counting, AveragingEngine.of(counting, 0));
    }

    @Test
    void pointsAreEquallySpacedAndEndWithThePass() {
        assertArrayEquals(
                new int[] {55, 60, 65, 70, 75, 80, 85, 90},
                AveragingEngine.points(Bout.steps(90 * 16 - 15, 16, 1), 40.0 / 90));
        assertArrayEquals(
                new int[] {12, 25, 37, 50, 62, 75, 87, 100}, AveragingEngine.points(100, 1));
        assertArrayEquals(new int[] {8, 9, 10}, AveragingEngine.points(10, 0.3));
        assertArrayEquals(new int[] {10}, AveragingEngine.points(10, 0.1));
        assertArrayEquals(new int[0], AveragingEngine.points(10, 0.01));
        assertEquals(8, AveragingEngine.points(Integer.MAX_VALUE, 1).length);
    }

    @Test
    void theWeightsAreTheMeanOverThePointsAndTrainingGoesOnFromThere() {
        Engine engine = AveragingEngine.of(counting, 0.3);
        // 10 steps: points after 8, 9 and 10
        engine.train(null, Shuffle.identity(39), 1, 4, 7);
        assertEquals(9, read(engine), 1e-6);
        engine.train(null, Shuffle.identity(39), 1, 4, 7);
        assertEquals(18, read(engine), 1e-5);
    }

    @Test
    void theTailIsThatOfTheLastPass() {
        Engine engine = AveragingEngine.of(counting, 1);
        Engine.TrainingResult result = engine.train(null, Shuffle.identity(16), 3, 4, 7);
        // two passes of 4 steps, then points after each of 4 more
        assertEquals(8 + 2.5, read(engine), 1e-5);
        assertEquals(12, result.steps());
        // a step's loss is the number of steps before it
        assertEquals((8 + 9 + 10 + 11) / 4.0, result.loss(), 1e-9);
    }

    @Test
    void everySampleIsSeenOnceInAPassAndOnlyTheLastMiniBatchIsSmaller() {
        Engine engine = AveragingEngine.of(counting, 0.5);
        int[] drawn = IntStream.range(100, 1101).toArray();
        engine.train(null, drawn, 1, 16, 7);
        assertArrayEquals(drawn, counting.seen.stream().mapToInt(i -> i).sorted().toArray());
        List<Integer> sizes = counting.sizes;
        assertEquals(63, sizes.size());
        assertEquals(9, sizes.get(62));
        assertTrue(sizes.subList(0, 62).stream().allMatch(size -> size == 16));
        assertArrayEquals(IntStream.range(100, 1101).toArray(), drawn);
    }

    @Test
    void aBoutOfOneStepIsThatOfTheEngine() {
        AveragingEngine.of(counting, 1).train(null, Shuffle.identity(16), 1, 16, 7);
        assertEquals(List.of(7L), counting.seeds);
    }

    @Test
    void theSameSeedGivesTheSameBitsAndAnotherDoesNot() {
        ModelDefinition model = Models.named("mlp", new int[] {1, 28, 28}, 10, 0.1, 1);
        Samples digits = Digits.make(11, 600, 0).train();
        List<float[]> after = new ArrayList<>();
        for (long seed : new long[] {3, 3, 4}) {
            try (Engine engine = AveragingEngine.of(Engines.open(model, 1), 0.5)) {
                engine.train(digits, Shuffle.identity(600), 2, 16, seed);
                after.add(engine.parameters());
            }
        }
        assertArrayEquals(after.get(0), after.get(1));
        assertTrue(!Arrays.equals(after.get(0), after.get(2)));
    }

    @Test
    void aHighLearningRateLosesLessWithTheMean() {
        ModelDefinition model = Models.named("mlp", new int[] {1, 28, 28}, 10, 0.2, 1);
        HeldOut.Cut cut = HeldOut.cut(Digits.make(5, 6000, 0).train(), 1000, 1);
        int[] all = Shuffle.identity(cut.training().count());
        double[] losses = new double[2];
        for (int i = 0; i < 2; i++) {
            try (Engine engine = AveragingEngine.of(Engines.open(model, 1), i * 0.5)) {
                engine.train(cut.training(), all, 3, 8, 1);
                losses[i] = engine.evaluate(cut.heldOut()).loss();
            }
        }
        assertNotEquals(losses[0], losses[1]);
        assertTrue(losses[1] < 0.9 * losses[0], Arrays.toString(losses));
    }

    private static float read(Engine engine) {
        float[] weights = new float[1];
        engine.readParameters(weights);
        return weights[0];
    }

    @Test
    void aLossThatIsNoNumberIsReportedWithItsStepOfTheWholeIteration() {
        Engine engine = AveragingEngine.of(counting, 1);
        counting.failsAt = 27;
        String said =
                assertThrows(
                                TrainingException.class,
                                () -> engine.train(null, Shuffle.identity(10), 3, 1, 1))
                        .getMessage();
        assertTrue(said.contains("in step 27 (epoch 3)"), said);
    }

    /** One weight, which each mini-batch step raises by 1. */
    private static final class Counting implements Engine {
        private float weight;
        private long steps;
        private long failsAt;
        private final List<Integer> seen = new ArrayList<>();
        private final List<Integer> sizes = new ArrayList<>();
        private final List<Long> seeds = new ArrayList<>();

        @Override
        public int parameterCount() {
            return 1;
        }

        @Override
        public void readParameters(float[] into) {
            into[0] = weight;
        }

        @Override
        public void writeParameters(float[] from) {
            weight = from[0];
        }

        @Override
        public TrainingResult train(
                Samples samples, int[] drawn, int epochs, int miniBatch, long seed) {
            seeds.add(seed);
            double loss = 0;
            int done = 0;
            for (int epoch = 0; epoch < epochs; epoch++) {
                for (int first = 0; first < drawn.length; first += miniBatch) {
                    int end = Math.min(drawn.length, first + miniBatch);
                    Arrays.stream(drawn, first, end).forEach(seen::add);
                    sizes.add(end - first);
                    weight++;
                    loss += steps++;
                    done++;
                    if (steps == failsAt) {
                        throw TrainingException.of(Double.NaN, done, epoch);
                    }
                }
            }
            return new TrainingResult(loss / done, done);
        }

        @Override
        public Evaluation evaluate(Samples samples) {
            return new Evaluation(1, 0, 1);
        }

        @Override
        public byte[] save() {
            return new byte[0];
        }

        @Override
        public void close() {}
    }
}
