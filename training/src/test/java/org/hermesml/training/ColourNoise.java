package org.hermesml.training;

import java.util.SplittableRandom;

/** Images of 3x32x32 whose mean colour and brightness tell their class, under noise. */
final class ColourNoise {
    private static final int CLASSES = 10;

    static Samples make(int count) {
        float[][] pixels = new float[count][3 * 32 * 32];
        int[] labels = new int[count];
        for (int i = 0; i < count; i++) {
            SplittableRandom random = new SplittableRandom(i);
            labels[i] = i % CLASSES;
            for (int j = 0; j < pixels[i].length; j++) {
                double level = 0.05 + 0.09 * ((i + 3 * (j / 1024)) % CLASSES);
                pixels[i][j] = (float) (level + 0.1 * random.nextDouble());
            }
        }
        return ArraySamples.of(new int[] {3, 32, 32}, CLASSES, pixels, labels);
    }

    private ColourNoise() {}
}
