package org.hermesml.training.data;

import java.util.List;
import java.util.SplittableRandom;

/**
 * The strokes of the ten digits, in a box from (0, 0), top left, to (1, 1). Several hands write
 * some of them in more than one way.
 */
final class DigitStrokes {
    /** {@code points} are x, y, x, y, ...; joined by straight lines. */
    record Stroke(double[] points) {}

    private static final int ARC_STEPS = 10;

    private static final List<List<List<Stroke>>> WAYS =
            List.of(
                    List.of(
                            List.of(arc(0.5, 0.5, 0.36, 0.48, -90, 270)),
                            List.of(arc(0.5, 0.5, 0.26, 0.46, -60, 300))),
                    List.of(
                            List.of(line(0.5, 0.03, 0.5, 0.97)),
                            List.of(line(0.28, 0.25, 0.55, 0.03, 0.55, 0.97)),
                            List.of(
                                    line(0.28, 0.25, 0.52, 0.03, 0.52, 0.95),
                                    line(0.25, 0.95, 0.8, 0.95))),
                    List.of(
                            List.of(
                                    join(
                                            arc(0.5, 0.3, 0.34, 0.27, -170, 40),
                                            line(0.76, 0.47, 0.14, 0.96, 0.88, 0.96))),
                            List.of(
                                    join(
                                            arc(0.48, 0.28, 0.32, 0.25, -160, 60),
                                            line(0.64, 0.5, 0.25, 0.82),
                                            arc(0.25, 0.88, 0.1, 0.08, -60, -300),
                                            line(0.3, 0.86, 0.6, 0.97, 0.88, 0.88)))),
                    List.of(
                            List.of(
                                    join(
                                            arc(0.45, 0.27, 0.32, 0.24, -150, 85),
                                            arc(0.45, 0.73, 0.36, 0.25, -85, 150))),
                            List.of(
                                    line(0.15, 0.04, 0.8, 0.04, 0.45, 0.4),
                                    arc(0.42, 0.69, 0.38, 0.29, -80, 150))),
                    List.of(
                            List.of(
                                    line(0.62, 0.03, 0.12, 0.65, 0.9, 0.65),
                                    line(0.66, 0.35, 0.66, 0.98)),
                            List.of(
                                    line(0.2, 0.05, 0.16, 0.5, 0.82, 0.5),
                                    line(0.78, 0.05, 0.74, 0.98))),
                    List.of(
                            List.of(
                                    join(
                                            line(0.24, 0.05, 0.2, 0.44),
                                            arc(0.46, 0.68, 0.36, 0.29, -125, 140)),
                                    line(0.24, 0.05, 0.82, 0.05)),
                            List.of(
                                    join(
                                            line(0.84, 0.06, 0.3, 0.06, 0.22, 0.45, 0.35, 0.4),
                                            arc(0.46, 0.68, 0.36, 0.29, -100, 150)))),
                    List.of(
                            List.of(
                                    join(
                                            line(0.68, 0.03, 0.4, 0.25),
                                            arc(0.48, 0.68, 0.31, 0.28, -170, 195))),
                            List.of(
                                    join(
                                            arc(0.62, 0.5, 0.44, 0.46, -110, -200),
                                            arc(0.5, 0.7, 0.29, 0.26, -180, 180)))),
                    List.of(
                            List.of(line(0.12, 0.05, 0.86, 0.05, 0.4, 0.97)),
                            List.of(
                                    line(0.14, 0.06, 0.86, 0.06, 0.44, 0.97),
                                    line(0.3, 0.5, 0.8, 0.5)),
                            List.of(line(0.16, 0.2, 0.16, 0.06, 0.84, 0.06, 0.5, 0.6, 0.46, 0.97))),
                    List.of(
                            List.of(
                                    arc(0.5, 0.27, 0.27, 0.23, -90, 270),
                                    arc(0.5, 0.73, 0.33, 0.24, -90, 270)),
                            List.of(
                                    join(
                                            arc(0.5, 0.27, 0.28, 0.22, -20, -250),
                                            arc(0.5, 0.73, 0.32, 0.24, -60, 240),
                                            line(0.4, 0.5, 0.74, 0.2)))),
                    List.of(
                            List.of(
                                    arc(0.47, 0.3, 0.3, 0.27, -10, 350),
                                    line(0.77, 0.27, 0.7, 0.97)),
                            List.of(
                                    arc(0.47, 0.3, 0.3, 0.27, 0, 360),
                                    join(
                                            line(0.77, 0.3, 0.77, 0.6),
                                            arc(0.45, 0.68, 0.32, 0.28, 0, 140)))));

    static List<Stroke> of(int digit, SplittableRandom random) {
        List<List<Stroke>> ways = WAYS.get(digit);
        return ways.get(random.nextInt(ways.size()));
    }

    private static Stroke line(double... points) {
        return new Stroke(points);
    }

    /** Part of an ellipse; degrees from the right, downwards. */
    private static Stroke arc(
            double x, double y, double width, double height, double from, double to) {
        double[] points = new double[2 * (ARC_STEPS + 1)];
        for (int i = 0; i <= ARC_STEPS; i++) {
            double angle = StrictMath.toRadians(from + (to - from) * i / ARC_STEPS);
            points[2 * i] = x + width * StrictMath.cos(angle);
            points[2 * i + 1] = y + height * StrictMath.sin(angle);
        }
        return new Stroke(points);
    }

    private static Stroke join(Stroke... parts) {
        int count = 0;
        for (Stroke part : parts) {
            count += part.points.length;
        }
        double[] points = new double[count];
        int at = 0;
        for (Stroke part : parts) {
            System.arraycopy(part.points, 0, points, at, part.points.length);
            at += part.points.length;
        }
        return new Stroke(points);
    }

    private DigitStrokes() {}
}
