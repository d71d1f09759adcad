package org.hermesml.simulator.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.hermesml.core.settings.Settings;
import org.hermesml.simulator.campaign.FinishedRun;
import org.hermesml.simulator.campaign.Variant;

/**
 * A page that holds everything in itself: tables on top, then drawings for each test bed, then what
 * made it. Needs no network and no script, and prints.
 */
public final class HtmlReport {
    private static final String STYLE =
            """
            body{font:14px/1.4 sans-serif;color:#000;background:#fff;max-width:1180px;margin:24px auto;padding:0 16px}
            h1{font-size:22px}h2{font-size:18px;border-top:2px solid #000;padding-top:12px;margin-top:32px}h3{font-size:15px}
            table{border-collapse:collapse;font-size:12px;margin:8px 0}
            th,td{border-bottom:1px solid #bbb;padding:3px 7px;text-align:right;white-space:nowrap}
            th{border-bottom:2px solid #000;vertical-align:bottom;white-space:normal}
            th:first-child,td:first-child,th:nth-child(2),td:nth-child(2),th:nth-child(3),td:nth-child(3){text-align:left}
            .wide{overflow-x:auto}svg{max-width:100%;height:auto;display:block}svg text{font:11px sans-serif}
            .note{color:#333;max-width:860px}pre{white-space:pre-wrap;font-size:12px}
            .log,.choice:checked~.linear{display:none}.choice:checked~.log{display:block}
            @media print{body{max-width:none;margin:0;font-size:11px}table{font-size:8px}th,td{padding:2px 3px}
            .wide{overflow:visible}svg,tr{break-inside:avoid}.choice,.choice+label{display:none}}
            """;

    private final StringBuilder out = new StringBuilder();
    private int charts;

    private HtmlReport() {}

    /**
     * @param command that made it, as it can be typed
     * @param finished at least one
     */
    public static String page(
            String title,
            String command,
            List<FinishedRun> finished,
            List<Comparison> comparisons) {
        HtmlReport page = new HtmlReport();
        page.head(title, command, finished, comparisons);
        Map<String, List<FinishedRun>> byTestBed = new LinkedHashMap<>();
        finished.forEach(
                f ->
                        byTestBed
                                .computeIfAbsent(
                                        f.run().testBed().name(), name -> new ArrayList<>())
                                .add(f));
        byTestBed.values().forEach(page::drawings);
        page.settings(finished);
        return page.out.append("</body></html>\n").toString();
    }

    private void head(
            String title, String command, List<FinishedRun> finished, List<Comparison> compared) {
        out.append("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>");
        out.append(Svg.escape(title)).append("</title>\n<style>\n").append(STYLE);
        out.append("</style></head>\n<body>\n");
        element("h1", title);
        element("pre", command);
        for (ResultTable table : ResultTable.of(finished, compared)) {
            element("h3", table.testBed());
            table(table);
        }
        paragraph(
                "Time is virtual: training, losses and merges are real, the clock is simulated; it charges training,"
                        + " evaluation, waiting and every transfer. Median over the seeds, with the range in brackets. x:"
                        + " how many times faster, or fewer bytes of updates and models, than that method; a bound where one"
                        + " of the two did not reach the target. of ideal: 1 is sequential SGD at the summed speed of all"
                        + " devices. Test accuracy is that of the result, not of the last model.");
    }

    private void table(ResultTable table) {
        out.append("<div class=\"wide\"><table><tr>");
        table.heads().forEach(head -> element("th", head));
        out.append("</tr>\n");
        for (List<String> row : table.rows()) {
            out.append("<tr>");
            row.forEach(cell -> element("td", cell));
            out.append("</tr>\n");
        }
        out.append("</table></div>\n");
    }

    private void drawings(List<FinishedRun> runs) {
        FinishedRun first = runs.get(0);
        element("h2", first.run().testBed().name());
        paragraph(first.run().testBed().description());
        Plots plots = new Plots(runs);
        paragraph("The drawings show the runs with seed " + first.run().seed() + ".");
        chart("Accuracy against time", plots.accuracyByTime());
        chart("Accuracy against bytes", plots.accuracyByBytes());
        plots.timeLines().forEach((label, svg) -> drawing("What the devices did: " + label, svg));
        int devices = first.run().testBed().devices().size();
        if (devices > TimeLines.MOST_DEVICES) {
            paragraph(
                    TimeLines.MOST_DEVICES + " of the " + devices + " devices are shown, evenly.");
        }
        plots.allocations()
                .forEach((label, svg) -> drawing("Samples of an iteration: " + label, svg));
    }

    private void drawing(String title, String svg) {
        if (!svg.isEmpty()) {
            element("h3", title);
            out.append(svg);
        }
    }

    /** With a logarithmic axis, and a plain one behind a check box. */
    private void chart(String title, LineChart chart) {
        String linear = chart.draw(false);
        if (linear.isEmpty()) {
            return;
        }
        String id = "chart" + charts++;
        element("h3", title);
        out.append("<div><input type=\"checkbox\" class=\"choice\" checked id=\"").append(id);
        out.append("\"><label for=\"").append(id).append("\"> logarithmic axis</label>\n");
        out.append("<div class=\"log\">").append(chart.draw(true)).append("</div>\n");
        out.append("<div class=\"linear\">").append(linear).append("</div></div>\n");
    }

    private void settings(List<FinishedRun> finished) {
        element("h2", "Settings");
        paragraph("Of each method what differs from the defaults.");
        Map<String, Variant> variants = new LinkedHashMap<>();
        finished.forEach(f -> variants.put(f.run().variant().label(), f.run().variant()));
        Map<String, String> defaults = Settings.defaults().toMap();
        StringBuilder lines = new StringBuilder();
        variants.forEach(
                (label, variant) -> {
                    Map<String, String> changed = new TreeMap<>(variant.settings().toMap());
                    changed.entrySet().removeIf(e -> e.getValue().equals(defaults.get(e.getKey())));
                    changed.remove(Settings.SEED.key());
                    lines.append(label).append(':');
                    changed.forEach((key, value) -> lines.append(' ').append(key + "=" + value));
                    lines.append('\n');
                });
        element("pre", lines.toString());
    }

    private void paragraph(String text) {
        out.append("<p class=\"note\">").append(Svg.escape(text)).append("</p>\n");
    }

    private void element(String tag, String text) {
        out.append('<').append(tag).append('>').append(Svg.escape(text));
        out.append("</").append(tag).append(">\n");
    }
}
