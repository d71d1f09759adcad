package org.hermesml.simulator.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleFunction;

/** Lines over a common axis, with a legend below. */
final class LineChart {
    private static final int WIDTH = 860;
    private static final int PLOT_HEIGHT = 330;
    private static final int LEFT = 60;
    private static final int RIGHT = 15;
    private static final int TOP = 12;
    private static final int LEGEND_COLUMNS = 4;
    private static final int LEGEND_LINE = 18;
    private static final String GRID = "stroke:#DDDDDD;stroke-width:1";
    private static final String FRAME = "stroke:#000000;stroke-width:1";

    /**
     * @param points pairs of x and y, x ascending
     */
    record Line(String label, double[] points) {}

    private final String title;
    private final List<Line> lines;
    private final String xName;
    private final DoubleFunction<String> xText;
    private final DoubleFunction<String> yText;
    private double mark = Double.NaN;

    LineChart(
            String title,
            List<Line> lines,
            String xName,
            DoubleFunction<String> xText,
            DoubleFunction<String> yText) {
        this.title = title;
        this.lines = lines.stream().filter(line -> line.points().length >= 2).toList();
        this.xName = xName;
        this.xText = xText;
        this.yText = yText;
    }

    /** Draws a dashed level line, such as a target. */
    LineChart mark(double y) {
        mark = y;
        return this;
    }

    /** Nothing where there is nothing to draw. */
    String draw(boolean log) {
        List<Line> drawn = log ? positive() : lines;
        if (drawn.isEmpty()) {
            return "";
        }
        int legend = (drawn.size() + LEGEND_COLUMNS - 1) / LEGEND_COLUMNS * LEGEND_LINE;
        Svg svg = new Svg(WIDTH, TOP + PLOT_HEIGHT + 50 + legend, title);
        int bottom = TOP + PLOT_HEIGHT;
        Axis x = x(drawn, log);
        Axis y = y(drawn, bottom);
        for (double tick : x.ticks()) {
            svg.line(x.at(tick), TOP, x.at(tick), bottom, GRID);
            svg.text(x.at(tick), bottom + 16, "middle", Figures.round(xText.apply(tick)));
        }
        for (double tick : y.ticks()) {
            svg.line(LEFT, y.at(tick), WIDTH - RIGHT, y.at(tick), GRID);
            svg.text(LEFT - 6, y.at(tick) + 4, "end", yText.apply(tick));
        }
        svg.line(LEFT, bottom, WIDTH - RIGHT, bottom, FRAME);
        svg.line(LEFT, TOP, LEFT, bottom, FRAME);
        svg.text((LEFT + WIDTH - RIGHT) / 2.0, bottom + 34, "middle", xName);
        if (mark >= y.from() && mark <= y.to()) {
            svg.line(LEFT, y.at(mark), WIDTH - RIGHT, y.at(mark), FRAME + ";stroke-dasharray:1 3");
        }
        for (int i = 0; i < drawn.size(); i++) {
            svg.path(pixels(drawn.get(i).points(), x, y), Palette.line(i));
            int lx = LEFT + i % LEGEND_COLUMNS * ((WIDTH - LEFT) / LEGEND_COLUMNS);
            int ly = bottom + 54 + i / LEGEND_COLUMNS * LEGEND_LINE;
            svg.line(lx, ly - 4, lx + 26, ly - 4, Palette.line(i));
            svg.text(lx + 32, ly, "start", drawn.get(i).label());
        }
        return svg.end();
    }

    private static Axis x(List<Line> drawn, boolean log) {
        double from = log ? Double.POSITIVE_INFINITY : 0;
        double to = 0;
        for (Line line : drawn) {
            from = Math.min(from, line.points()[0]);
            to = Math.max(to, line.points()[line.points().length - 2]);
        }
        return new Axis(from, to > from ? to : from + 1, LEFT, WIDTH - RIGHT, log);
    }

    private static Axis y(List<Line> drawn, int bottom) {
        double from = Double.POSITIVE_INFINITY;
        double to = Double.NEGATIVE_INFINITY;
        for (Line line : drawn) {
            for (int i = 1; i < line.points().length; i += 2) {
                from = Math.min(from, line.points()[i]);
                to = Math.max(to, line.points()[i]);
            }
        }
        double room = to > from ? (to - from) * 0.04 : Math.max(1e-3, Math.abs(to) * 0.1);
        return new Axis(
                from - (from > 0 && from < room ? from : room), to + room, bottom, TOP, false);
    }

    /** What a logarithmic axis can show. */
    private List<Line> positive() {
        List<Line> positive = new ArrayList<>();
        for (Line line : lines) {
            int first = 0;
            while (first < line.points().length && line.points()[first] <= 0) {
                first += 2;
            }
            if (first < line.points().length) {
                positive.add(
                        new Line(
                                line.label(),
                                Arrays.copyOfRange(line.points(), first, line.points().length)));
            }
        }
        return positive;
    }

    private static double[] pixels(double[] points, Axis x, Axis y) {
        double[] pixels = new double[points.length];
        for (int i = 0; i < points.length; i += 2) {
            pixels[i] = x.at(points[i]);
            pixels[i + 1] = y.at(points[i + 1]);
        }
        return pixels;
    }
}
