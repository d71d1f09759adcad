package org.hermesml.simulator.report;

import java.util.List;
import java.util.Locale;
import org.hermesml.simulator.RunTrace.DeviceSpans;
import org.hermesml.simulator.RunTrace.Kind;
import org.hermesml.simulator.RunTrace.Span;
import org.hermesml.simulator.campaign.TraceThinning;

/** What each device did when: a bar for each, in the order of the test bed. */
final class TimeLines {
    /** More devices than this are shown by evenly many of them. */
    static final int MOST_DEVICES = 24;

    private static final int WIDTH = 860;
    private static final int LEFT = 110;
    private static final int RIGHT = 15;
    private static final int TOP = 24;
    private static final int BAR = 11;
    private static final int LINE = 14;

    static String draw(String title, List<DeviceSpans> all) {
        List<DeviceSpans> devices = TraceThinning.evenly(all, MOST_DEVICES);
        double end =
                devices.stream()
                        .flatMap(d -> d.spans().stream())
                        .mapToDouble(Span::toSeconds)
                        .filter(Double::isFinite)
                        .max()
                        .orElse(0);
        if (end <= 0) {
            return "";
        }
        int bottom = TOP + devices.size() * LINE;
        Svg svg = new Svg(WIDTH, bottom + 24, title);
        legend(svg);
        Axis time = new Axis(0, end, LEFT, WIDTH - RIGHT, false);
        for (int row = 0; row < devices.size(); row++) {
            double y = TOP + row * LINE;
            svg.text(LEFT - 6, y + BAR - 2, "end", devices.get(row).device());
            for (Span span : devices.get(row).spans()) {
                double from = time.at(span.fromSeconds());
                double width = time.at(span.toSeconds()) - from;
                svg.rectangle(from, y, Math.max(width, 0.1), BAR, Palette.fill(span.kind()));
            }
        }
        for (double tick : time.ticks()) {
            svg.line(time.at(tick), bottom, time.at(tick), bottom + 4, "stroke:#000000");
            svg.text(time.at(tick), bottom + 17, "middle", Figures.round(Figures.seconds(tick)));
        }
        return svg.end();
    }

    private static void legend(Svg svg) {
        int x = LEFT;
        for (Kind kind : Kind.values()) {
            svg.rectangle(x, 5, 18, BAR, Palette.fill(kind));
            svg.text(x + 23, 14, "start", kind.name().toLowerCase(Locale.ROOT));
            x += 120;
        }
    }

    private TimeLines() {}
}
