package org.hermesml.cli.soak;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.hermesml.cli.proof.Proof;
import org.hermesml.cli.run.TextTable;

/**
 * What was done, and how memory and files went on meanwhile.
 *
 * @param seconds that it went on for
 * @param trends by what was measured, in bytes
 * @param restored why the job began anew from a checkpoint meanwhile, the last time; empty: it did
 *     not
 * @param faults what went wrong besides; empty: nothing
 */
record SoakResult(
        SoakPlan plan,
        double seconds,
        Traffic traffic,
        Map<String, Trend> trends,
        String restored,
        List<String> faults)
        implements Proof.Result {
    private static final double MB = 1e6;

    @Override
    public boolean reached() {
        return faults.isEmpty() && trends.values().stream().allMatch(Trend::isFlat);
    }

    @Override
    public boolean needsData() {
        return !faults.isEmpty();
    }

    @Override
    public ObjectNode json() {
        ObjectNode json = new ObjectMapper().createObjectNode();
        json.put("seconds", Math.round(seconds))
                .put("devices", plan.devices())
                .put("seed", plan.seed())
                .put("runs", traffic.runs.sum())
                .put("trainedRuns", traffic.realRuns.sum())
                .put("iterations", traffic.iterations.sum())
                .put("pushes", traffic.pushes.sum())
                .put("admitted", traffic.admitted.sum())
                .put("refused", traffic.refused.sum())
                .put("badRecords", traffic.bad.sum())
                .put("restored", restored)
                .put("reached", reached());
        ObjectNode measured = json.putObject("measured");
        trends.forEach(
                (name, trend) ->
                        measured.putObject(name)
                                .put("first", trend.first())
                                .put("last", trend.last())
                                .put("largest", trend.largest())
                                .put("growth", trend.growth())
                                .put("flat", trend.isFlat()));
        faults.forEach(json.putArray("faults")::add);
        return json;
    }

    @Override
    public List<String> lines() {
        TextTable table =
                new TextTable(
                        List.of("MB", "after warm-up", "at the end", "largest", "growth", ""), 1);
        trends.forEach(
                (name, trend) ->
                        table.row(
                                name,
                                megabytes(trend.first()),
                                megabytes(trend.last()),
                                megabytes(trend.largest()),
                                String.format(Locale.ROOT, "%+.1f%%", 100 * trend.growth()),
                                trend.isFlat() ? "flat" : "GROWS"));
        List<String> lines = new ArrayList<>(table.lines());
        lines.add(
                "(growth: middle slope of the lows, from the end of the warm-up to the end; up to 10%"
                        + " is called flat)");
        lines.add(
                String.format(
                        Locale.ROOT,
                        "%d made-up runs and %d trained ones, %d iterations (%.0f in a second), %d"
                                + " pushes, %d admitted, %d refused, %d bad records",
                        traffic.runs.sum(),
                        traffic.realRuns.sum(),
                        traffic.iterations.sum(),
                        traffic.iterations.sum() / seconds,
                        traffic.pushes.sum(),
                        traffic.admitted.sum(),
                        traffic.refused.sum(),
                        traffic.bad.sum()));
        if (!restored.isEmpty()) {
            lines.add("The job began anew from a checkpoint: " + restored);
        }
        faults.forEach(fault -> lines.add("fault: " + fault));
        return lines;
    }

    private static String megabytes(double bytes) {
        return String.format(Locale.ROOT, "%.1f", bytes / MB);
    }
}
