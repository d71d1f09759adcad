package org.hermesml.training.data;

import java.util.List;
import java.util.SplittableRandom;
import org.hermesml.core.BuiltIns;
import org.hermesml.core.message.SampleType;

/**
 * The built-in data set: handwritten-looking digits, 28x28 grey, made from a seed. No two are
 * alike: the shape of each stroke, slant, size, turn, place, width and ink vary, and noise lies
 * over all. Only IEEE arithmetic with one possible result is used ({@code StrictMath}), so that
 * every machine makes the same bytes.
 */
public final class Digits {
    public static final int TRAIN_COUNT = 12_000;
    public static final int TEST_COUNT = 2_000;
    static final int SIDE = 28;
    static final int CLASSES = 10;
    private static final float SCALE = 1f / 255;

    public static Dataset make(long seed) {
        return make(seed, TRAIN_COUNT, TEST_COUNT);
    }

    public static Dataset make(long seed, int trainCount, int testCount) {
        SplittableRandom random = new SplittableRandom(seed);
        return new Dataset(
                BuiltIns.DIGITS,
                samples(random.split(), trainCount),
                samples(random.split(), testCount));
    }

    private static BlockSamples samples(SplittableRandom random, int count) {
        byte[] pixels = new byte[count * SIDE * SIDE];
        int[] labels = new int[count];
        DigitPainter painter = new DigitPainter(SIDE);
        for (int i = 0; i < count; i++) {
            labels[i] = random.nextInt(CLASSES);
            painter.paint(labels[i], random, pixels, i * SIDE * SIDE);
        }
        SampleLayout layout =
                new SampleLayout(SampleType.UINT8, new int[] {1, SIDE, SIDE}, CLASSES, SCALE);
        return new BlockSamples(layout, List.of(new DecodedBlock(layout, pixels, labels)));
    }

    private Digits() {}
}
