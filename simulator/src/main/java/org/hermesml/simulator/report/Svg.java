package org.hermesml.simulator.report;

import java.util.Locale;

/** Writes one drawing; lengths in pixels from the upper left corner. */
final class Svg {
    private final StringBuilder out = new StringBuilder();

    Svg(int width, int height, String title) {
        out.append(
                String.format(
                        Locale.ROOT,
                        "<svg viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" role=\"img\"><title>%s</title>%n",
                        width,
                        height,
                        width,
                        height,
                        escape(title)));
    }

    void line(double x1, double y1, double x2, double y2, String style) {
        out.append("<line x1=\"").append(n(x1)).append("\" y1=\"").append(n(y1));
        out.append("\" x2=\"").append(n(x2)).append("\" y2=\"").append(n(y2));
        out.append("\" style=\"").append(style).append("\"/>\n");
    }

    void rectangle(double x, double y, double width, double height, String style) {
        out.append("<rect x=\"").append(n(x)).append("\" y=\"").append(n(y));
        out.append("\" width=\"").append(n(width)).append("\" height=\"").append(n(height));
        out.append("\" style=\"").append(style).append("\"/>\n");
    }

    /**
     * @param points pairs of x and y
     */
    void path(double[] points, String style) {
        out.append("<polyline points=\"");
        for (int i = 0; i < points.length; i += 2) {
            out.append(i == 0 ? "" : " ").append(n(points[i])).append(',').append(n(points[i + 1]));
        }
        out.append("\" style=\"fill:none;").append(style).append("\"/>\n");
    }

    /**
     * @param anchor start, middle or end
     */
    void text(double x, double y, String anchor, String text) {
        out.append("<text x=\"").append(n(x)).append("\" y=\"").append(n(y));
        out.append("\" text-anchor=\"").append(anchor).append("\">");
        out.append(escape(text)).append("</text>\n");
    }

    String end() {
        return out.append("</svg>\n").toString();
    }

    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    private static String n(double value) {
        String text = String.format(Locale.ROOT, "%.1f", value);
        return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
    }
}
