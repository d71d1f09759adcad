package org.hermesml.simulator.campaign;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.hermesml.simulator.RunTrace;
import org.hermesml.simulator.RunTrace.DeviceSpans;
import org.hermesml.simulator.RunTrace.Kind;
import org.hermesml.simulator.RunTrace.Span;

/**
 * Makes a trace as small as a plot can show: a method with one step per synchronisation writes
 * millions of spans, of which a page shows a thousand columns.
 */
public final class TraceThinning {
    private static final int COLUMNS = 1000;

    static RunTrace thin(RunTrace trace) {
        double end = 0;
        for (DeviceSpans device : trace.devices()) {
            List<Span> spans = device.spans();
            if (!spans.isEmpty()) {
                end = Math.max(end, spans.get(spans.size() - 1).toSeconds());
            }
        }
        double width = end / COLUMNS;
        List<DeviceSpans> devices =
                trace.devices().stream()
                        .map(d -> new DeviceSpans(d.device(), spans(d.spans(), width)))
                        .toList();
        return new RunTrace(thin(trace.curve()), devices, thin(trace.allocations()));
    }

    private static <T> List<T> thin(List<T> all) {
        return all.size() <= 2 * COLUMNS ? all : evenly(all, COLUMNS);
    }

    /**
     * The first, the last, and evenly many between.
     *
     * @param most from 2 on; of fewer than these all are taken
     */
    public static <T> List<T> evenly(List<T> all, int most) {
        if (all.size() <= most) {
            return all;
        }
        return IntStream.range(0, most)
                .mapToObj(i -> all.get((int) ((long) i * (all.size() - 1) / (most - 1))))
                .toList();
    }

    /** Each column shows what took most of its time; columns alike are joined. */
    private static List<Span> spans(List<Span> all, double width) {
        if (all.size() <= COLUMNS) {
            return all;
        }
        List<Span> joined = new ArrayList<>();
        int next = 0;
        for (int column = 0; column < COLUMNS; column++) {
            double from = column * width;
            double to = from + width;
            Map<Kind, Double> times = new EnumMap<>(Kind.class);
            while (next < all.size() && all.get(next).toSeconds() <= from) {
                next++;
            }
            for (int i = next; i < all.size() && all.get(i).fromSeconds() < to; i++) {
                Span span = all.get(i);
                double time = Math.min(to, span.toSeconds()) - Math.max(from, span.fromSeconds());
                times.merge(span.kind(), time, Double::sum);
            }
            longest(times).ifPresent(kind -> append(joined, from, to, kind));
        }
        return joined;
    }

    private static Optional<Kind> longest(Map<Kind, Double> times) {
        return times.entrySet().stream().max(Map.Entry.comparingByValue()).map(Map.Entry::getKey);
    }

    private static void append(List<Span> joined, double from, double to, Kind kind) {
        int last = joined.size() - 1;
        if (last >= 0
                && joined.get(last).kind() == kind
                && Math.abs(joined.get(last).toSeconds() - from) < 1e-9) {
            joined.set(last, new Span(joined.get(last).fromSeconds(), to, kind));
        } else {
            joined.add(new Span(from, to, kind));
        }
    }

    private TraceThinning() {}
}
