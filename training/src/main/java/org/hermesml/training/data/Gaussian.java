package org.hermesml.training.data;

import java.util.SplittableRandom;

/** Draws from the standard normal distribution; the same bits on every machine. */
public final class Gaussian {
    /** Box and Muller. */
    public static double draw(SplittableRandom random) {
        double radius = Math.sqrt(-2 * StrictMath.log(1 - random.nextDouble()));
        return radius * StrictMath.cos(2 * Math.PI * random.nextDouble());
    }

    private Gaussian() {}
}
