package org.hermesml.training;

import java.util.SplittableRandom;

/** Images of 3x32x32 whose mean colour and brightness tell their class, under noise. */
record ColourNoise(float[][] pixels) implements Samples {
    private static final int CLASSES = 10;

    static ColourNoise make(int count) {
        float[][] pixels = new float[count][3 * 32 * 32];
        for (int i = 0; i < count; i++) {
            SplittableRandom random = new SplittableRandom(i);
            for (int j = 0; j < pixels[i].length; j++) {
                double level = 0.05 + 0.09 * ((i + 3 * (j / 1024)) % CLASSES);
                pixels[i][j] = (float) (level + 0.1 * random.nextDouble());
            }
        }
        return new ColourNoise(pixels);
    }

    @Override
    public int count() {
        return pixels.length;
    }

    @Override
    public int[] featureShape() {
        return new int[] {3, 32, 32};
    }

    @Override
    public int classCount() {
        return CLASSES;
    }

    @Override
    public void features(int index, float[] into, int offset) {
        System.arraycopy(pixels[index], 0, into, offset, pixels[index].length);
    }

    @Override
    public int label(int index) {
        return index % CLASSES;
    }
}
