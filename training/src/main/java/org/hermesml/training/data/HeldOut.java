package org.hermesml.training.data;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.hermesml.core.InputException;
import org.hermesml.core.settings.Settings;
import org.hermesml.training.Samples;

/**
 * The training part of a data set, cut in two: what is trained on, and what the gate, the weights
 * of the merge, stopping and the target accuracy see. The test part is no business of this class.
 */
public final class HeldOut {
    private static final int QUARTERS = 4;

    /**
     * @param training what is left, in random order, so that each block of it stands for the whole
     */
    public record Cut(Samples training, Samples heldOut) {}

    /**
     * As {@code held_out_samples}, {@code training_samples} and {@code seed} say, training samples
     * in the order that {@code partition} says.
     */
    public static Cut cut(Samples samples, Settings settings) {
        Cut cut =
                cut(
                        samples,
                        settings.get(Settings.HELD_OUT_SAMPLES),
                        settings.get(Settings.TRAINING_SAMPLES),
                        settings.get(Settings.SEED));
        return new Cut(Partition.order(cut.training(), settings), cut.heldOut());
    }

    /**
     * Draws {@code count} samples at random; the same seed draws the same ones.
     *
     * @throws InputException when nothing would be left to train on
     */
    public static Cut cut(Samples samples, int count, long seed) {
        if (count < 1 || count >= samples.count()) {
            throw new InputException(
                    "held_out_samples asks for "
                            + count
                            + " samples, but the training part of the data set has "
                            + samples.count()
                            + ": set it to at least 1 and at most "
                            + (samples.count() - 1)
                            + ".");
        }
        int[] order = Shuffle.identity(samples.count());
        Shuffle.shuffle(order, new SplittableRandom(seed));
        return new Cut(
                new Subset(samples, Arrays.copyOfRange(order, count, order.length)),
                new Subset(samples, Arrays.copyOf(order, count)));
    }

    /**
     * As {@link #cut(Samples, int, long)}, with fewer samples to train on; the held-out ones stay
     * the same whatever is left of the others.
     *
     * @param most samples to train on, the first ones of all in their random order; 0: all
     * @throws InputException when there are not as many
     */
    public static Cut cut(Samples samples, int count, int most, long seed) {
        Cut all = cut(samples, count, seed);
        int there = all.training().count();
        if (most > there) {
            throw new InputException(
                    "training_samples asks for "
                            + most
                            + " samples, but the training part of the data set has "
                            + there
                            + " besides "
                            + count
                            + " held-out ones: set it to at most "
                            + there
                            + ", or to 0 for all.");
        }
        return most == 0 || most == there
                ? all
                : new Cut(new Subset(all.training(), Shuffle.identity(most)), all.heldOut());
    }

    /**
     * A quarter of the held-out samples, at least one; the same seed draws the same ones. Shares
     * their memory.
     */
    public static Samples quarter(Samples heldOut, long seed) {
        return new Subset(
                heldOut, Draw.distinct(quarterOf(heldOut.count()), heldOut.count(), seed));
    }

    /** Samples in a quarter of {@code count}. */
    public static int quarterOf(int count) {
        return Math.max(1, count / QUARTERS);
    }

    private HeldOut() {}
}
