package org.hermesml.simulator.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleFunction;
import java.util.function.ToDoubleFunction;
import org.hermesml.simulator.RunTrace;
import org.hermesml.simulator.RunTrace.Allocated;
import org.hermesml.simulator.RunTrace.CurvePoint;
import org.hermesml.simulator.campaign.FinishedRun;
import org.hermesml.simulator.campaign.TraceThinning;
import org.hermesml.simulator.report.LineChart.Line;

/** The drawings of one test bed, from the runs whose traces were kept. */
final class Plots {
    private static final int MOST_LINES = 12;

    private final List<FinishedRun> traced;
    private final double target;

    /**
     * @param runs of one test bed
     */
    Plots(List<FinishedRun> runs) {
        this.traced = runs.stream().filter(run -> run.trace() != null).toList();
        this.target = runs.get(0).result().target();
    }

    LineChart accuracyByTime() {
        return accuracy(
                "Held-out accuracy against time",
                "virtual time",
                CurvePoint::seconds,
                Figures::seconds);
    }

    LineChart accuracyByBytes() {
        return accuracy(
                "Held-out accuracy against bytes",
                "bytes of updates and models, up and down",
                CurvePoint::bytes,
                Figures::bytes);
    }

    private LineChart accuracy(
            String title,
            String xName,
            ToDoubleFunction<CurvePoint> x,
            DoubleFunction<String> xText) {
        List<Line> lines = new ArrayList<>();
        for (FinishedRun run : traced) {
            List<CurvePoint> curve =
                    run.trace().curve().stream()
                            .filter(p -> Double.isFinite(p.heldOutAccuracy()))
                            .toList();
            double[] points = new double[2 * curve.size()];
            for (int i = 0; i < curve.size(); i++) {
                points[2 * i] = x.applyAsDouble(curve.get(i));
                points[2 * i + 1] = curve.get(i).heldOutAccuracy();
            }
            lines.add(new Line(run.run().variant().label(), points));
        }
        return new LineChart(title, lines, xName, xText, y -> Figures.decimal(y, 2)).mark(target);
    }

    /** By the label of the variant; one drawing for each. */
    Map<String, String> timeLines() {
        Map<String, String> drawings = new LinkedHashMap<>();
        for (FinishedRun run : traced) {
            String label = run.run().variant().label();
            drawings.put(label, TimeLines.draw("Device times of " + label, run.trace().devices()));
        }
        return drawings;
    }

    /** By the label of the variant; only those that changed an allocation while they ran. */
    Map<String, String> allocations() {
        Map<String, String> drawings = new LinkedHashMap<>();
        for (FinishedRun run : traced) {
            RunTrace trace = run.trace();
            if (trace.allocations().stream().mapToInt(Allocated::samples).distinct().count() > 1) {
                String label = run.run().variant().label();
                drawings.put(label, allocations(label, trace, run.result().seconds()));
            }
        }
        return drawings;
    }

    private static String allocations(String label, RunTrace trace, double end) {
        Map<String, List<Double>> byDevice = new LinkedHashMap<>();
        TraceThinning.evenly(trace.devices(), MOST_LINES)
                .forEach(device -> byDevice.put(device.device(), new ArrayList<>()));
        for (Allocated allocated : trace.allocations()) {
            List<Double> points = byDevice.get(allocated.device());
            if (points != null) {
                if (!points.isEmpty()) {
                    points.add(allocated.seconds());
                    points.add(points.get(points.size() - 2));
                }
                points.add(allocated.seconds());
                points.add((double) allocated.samples());
            }
        }
        List<Line> lines = new ArrayList<>();
        byDevice.forEach(
                (device, points) -> {
                    if (!points.isEmpty()) {
                        points.add(end);
                        points.add(points.get(points.size() - 2));
                        lines.add(
                                new Line(
                                        device,
                                        points.stream()
                                                .mapToDouble(Double::doubleValue)
                                                .toArray()));
                    }
                });
        return new LineChart(
                        "Samples of an iteration with " + label,
                        lines,
                        "virtual time",
                        Figures::seconds,
                        Figures::count)
                .draw(false);
    }
}
