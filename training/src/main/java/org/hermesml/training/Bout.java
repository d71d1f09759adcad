package org.hermesml.training;

import java.util.SplittableRandom;
import org.hermesml.training.Engine.TrainingResult;
import org.hermesml.training.data.Shuffle;

/**
 * One bout of training, whatever library takes its steps: which samples are in which mini-batch
 * follows from the seed alone.
 */
public final class Bout {
    /** One step of the optimiser. */
    @FunctionalInterface
    public interface Step {
        /**
         * Trains on the samples at {@code order[first ... first + count - 1]}.
         *
         * @param order belongs to the bout
         * @return the loss before the step
         */
        double on(int[] order, int first, int count);
    }

    private final int[] order;
    private final int epochs;
    private final int miniBatch;
    private final SplittableRandom random;
    private final long librarySeed;

    /**
     * As for {@link Engine#train}.
     *
     * @throws IllegalArgumentException when there is nothing to train
     */
    public Bout(int[] drawn, int epochs, int miniBatch, long seed) {
        if (drawn.length == 0 || epochs < 1 || miniBatch < 1) {
            throw new IllegalArgumentException(
                    "Nothing to train: "
                            + drawn.length
                            + " samples, "
                            + epochs
                            + " epochs, mini-batch "
                            + miniBatch);
        }
        this.order = drawn.clone();
        this.epochs = epochs;
        this.miniBatch = miniBatch;
        this.random = new SplittableRandom(seed);
        // drawn by every engine, so that all of them shuffle alike
        this.librarySeed = random.nextLong();
    }

    /** For the library's own generator, from which dropout draws. */
    public long librarySeed() {
        return librarySeed;
    }

    /**
     * Takes all steps, once.
     *
     * @param least of {@link Engine#leastSamples}
     * @throws TrainingException when a loss is NaN or infinite
     */
    public TrainingResult run(int least, Step step) {
        double sum = 0;
        long steps = 0;
        int stepsOfPass = 0;
        for (int epoch = 0; epoch < epochs; epoch++) {
            Shuffle.shuffle(order, random);
            sum = 0;
            stepsOfPass = 0;
            int count;
            for (int first = 0; first < order.length; first += count) {
                count = count(order.length - first, least);
                double loss = step.on(order, first, count);
                steps++;
                stepsOfPass++;
                if (!Double.isFinite(loss)) {
                    throw TrainingException.of(loss, steps, epoch);
                }
                sum += loss;
            }
        }
        return new TrainingResult(sum / stepsOfPass, steps);
    }

    /** Steps of one pass. */
    static long steps(int samples, int miniBatch, int least) {
        return Math.max(1, ((long) samples + miniBatch - least) / miniBatch);
    }

    private int count(int left, int least) {
        return left - least < miniBatch ? left : miniBatch;
    }
}
