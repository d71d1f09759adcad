package org.hermesml.training.data;

import java.util.SplittableRandom;

/** Paints one digit in a random hand. Keeps its canvas: used by one thread at a time. */
final class DigitPainter {
    private static final double SLANT = 0.35;
    private static final double TURN = 0.2;
    private static final double SHIFT = 2.5;
    private static final double WOBBLE = 0.075;

    private final int side;
    private final double[] canvas;

    DigitPainter(int side) {
        this.side = side;
        this.canvas = new double[side * side];
    }

    /** Paints into {@code into} from {@code offset} on, row by row: 0 is paper, 255 ink. */
    void paint(int digit, SplittableRandom random, byte[] into, int offset) {
        java.util.Arrays.fill(canvas, 0);
        Hand hand = new Hand(random, side);
        double radius = between(random, 0.55, 1.5);
        for (DigitStrokes.Stroke stroke : DigitStrokes.of(digit, random)) {
            double[] points = stroke.points();
            double x = hand.x(points[0], points[1]);
            double y = hand.y(points[0], points[1]);
            for (int i = 2; i < points.length; i += 2) {
                double nextX = hand.x(points[i], points[i + 1]);
                double nextY = hand.y(points[i], points[i + 1]);
                segment(x, y, nextX, nextY, radius);
                x = nextX;
                y = nextY;
            }
        }
        double ink = between(random, 150, 255);
        double noise = between(random, 5, 60);
        for (int i = 0; i < canvas.length; i++) {
            double value =
                    canvas[i] * ink + (random.nextDouble() + random.nextDouble() - 1) * noise;
            into[offset + i] = (byte) (int) Math.max(0, Math.min(255, value));
        }
    }

    /** Inks what lies within {@code radius} of the line, with an edge one pixel soft. */
    private void segment(double x1, double y1, double x2, double y2, double radius) {
        double reach = radius + 1;
        int left = Math.max(0, (int) (Math.min(x1, x2) - reach));
        int right = Math.min(side - 1, (int) (Math.max(x1, x2) + reach) + 1);
        int top = Math.max(0, (int) (Math.min(y1, y2) - reach));
        int bottom = Math.min(side - 1, (int) (Math.max(y1, y2) + reach) + 1);
        double dx = x2 - x1;
        double dy = y2 - y1;
        double squared = dx * dx + dy * dy + 1e-12;
        for (int row = top; row <= bottom; row++) {
            for (int column = left; column <= right; column++) {
                double along = ((column - x1) * dx + (row - y1) * dy) / squared;
                along = Math.max(0, Math.min(1, along));
                double offX = column - x1 - along * dx;
                double offY = row - y1 - along * dy;
                double cover = radius + 0.5 - Math.sqrt(offX * offX + offY * offY);
                int at = row * side + column;
                canvas[at] = Math.max(canvas[at], Math.min(1, cover));
            }
        }
    }

    private static double between(SplittableRandom random, double low, double high) {
        return low + (high - low) * random.nextDouble();
    }

    /** One way of writing: from the box of a digit to the canvas. */
    private static final class Hand {
        private final double xx;
        private final double xy;
        private final double yx;
        private final double yy;
        private final double shiftX;
        private final double shiftY;
        private final double bendX;
        private final double bendY;
        private final double phaseX;
        private final double phaseY;

        Hand(SplittableRandom random, int side) {
            double width = side * between(random, 0.42, 0.68);
            double height = side * between(random, 0.55, 0.78);
            double slant = between(random, -SLANT, SLANT);
            double turn = between(random, -TURN, TURN);
            double cos = StrictMath.cos(turn);
            double sin = StrictMath.sin(turn);
            xx = cos * width;
            xy = (-slant * cos - sin) * height;
            yx = sin * width;
            yy = (-slant * sin + cos) * height;
            shiftX = (side - 1) / 2.0 + between(random, -SHIFT, SHIFT);
            shiftY = (side - 1) / 2.0 + between(random, -SHIFT, SHIFT);
            bendX = between(random, 0, WOBBLE);
            bendY = between(random, 0, WOBBLE);
            phaseX = between(random, 0, 2 * Math.PI);
            phaseY = between(random, 0, 2 * Math.PI);
        }

        double x(double x, double y) {
            return shiftX + xx * bentX(x, y) + xy * bentY(x, y);
        }

        double y(double x, double y) {
            return shiftY + yx * bentX(x, y) + yy * bentY(x, y);
        }

        private double bentX(double x, double y) {
            return x - 0.5 + bendX * StrictMath.sin(5 * y + 2 * x + phaseX);
        }

        private double bentY(double x, double y) {
            return y - 0.5 + bendY * StrictMath.sin(5 * x + 2 * y + phaseY);
        }
    }
}
