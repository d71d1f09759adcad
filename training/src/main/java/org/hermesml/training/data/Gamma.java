package org.hermesml.training.data;

import java.util.SplittableRandom;

/** Draws from gamma distributions of scale 1; the same bits on every machine. */
final class Gamma {
    /**
     * G. Marsaglia, W. Tsang, "A simple method for generating gamma variables", ACM TOMS 26(3),
     * 2000.
     *
     * @param shape above 0
     */
    static double draw(double shape, SplittableRandom random) {
        if (shape < 1) {
            double boost = StrictMath.pow(1 - random.nextDouble(), 1 / shape);
            // of tiny shapes all shares of a part might vanish
            return Math.max(Double.MIN_NORMAL, draw(shape + 1, random) * boost);
        }
        double d = shape - 1.0 / 3;
        double c = 1 / Math.sqrt(9 * d);
        while (true) {
            double x = Gaussian.draw(random);
            double cube = 1 + c * x;
            if (cube <= 0) {
                continue;
            }
            double v = cube * cube * cube;
            double u = 1 - random.nextDouble();
            if (StrictMath.log(u) < 0.5 * x * x + d - d * v + d * StrictMath.log(v)) {
                return d * v;
            }
        }
    }

    private Gamma() {}
}
