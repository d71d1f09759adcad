package org.hermesml.cli.run;

import static org.hermesml.cli.run.Figures.bytes;
import static org.hermesml.cli.run.Figures.decimal;
import static org.hermesml.cli.run.Figures.duration;
import static org.hermesml.cli.run.Figures.percent;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.hermesml.core.message.RunSpec;

/** A run in words: the screen that is redrawn, and the one line for logs. */
public final class RunScreen {
    private static final String TABLE = "%-14s %6s %8s %6s %9s %6s %7s %5s %9s";

    /** The whole screen, no line longer than {@code width}. */
    public static List<String> lines(RunView view, long nowMs, int width) {
        Totals t = view.totals(nowMs);
        RunSpec spec = view.spec();
        List<String> lines = new ArrayList<>();
        lines.add("run " + view.run() + "   " + duration(t.seconds()));
        lines.add(
                String.join(
                        ", ",
                        spec.getDataset(),
                        spec.getModel() + " (" + spec.getParameterCount() + " parameters)",
                        spec.getSettingsOrDefault("method", "")));
        lines.add(
                "version "
                        + (t.version() < 0 ? Figures.NONE : t.version())
                        + "   held-out loss "
                        + decimal(t.loss(), 4)
                        + "   accuracy "
                        + percent(t.accuracy())
                        + "   best "
                        + best(t));
        lines.add(
                "up "
                        + bytes(t.bytesUp())
                        + "   down "
                        + bytes(t.bytesDown())
                        + "   data "
                        + bytes(t.bytesData())
                        + "   control "
                        + bytes(t.bytesControl()));
        lines.add(
                "pushes "
                        + t.pushes()
                        + "   admitted "
                        + (t.admitted() + t.held())
                        + "   refused "
                        + t.refused());
        if (!view.badRecords().text().isEmpty()) {
            lines.add(view.badRecords().text());
        }
        if (!view.expelled().isEmpty()) {
            lines.add("expelled for reporting false losses: " + String.join(", ", view.expelled()));
        }
        lines.add("");
        lines.add(
                String.format(
                        Locale.ROOT,
                        TABLE,
                        "worker",
                        "iter",
                        "loss",
                        "z",
                        "threshold",
                        "pushes",
                        "samples",
                        "batch",
                        "time"));
        for (WorkerView w : view.workers(nowMs)) {
            lines.add(
                    String.format(
                            Locale.ROOT,
                            TABLE,
                            shortened(w.name(), 14),
                            w.iterations(),
                            decimal(w.loss(), 4),
                            decimal(w.z(), 2),
                            decimal(w.threshold(), 2),
                            w.pushes(),
                            w.samples(),
                            w.miniBatch(),
                            timeOrState(w)));
        }
        if (view.waitsForWorkers(nowMs)) {
            lines.add("waits for workers: none is heard of");
        }
        return lines.stream().map(line -> shortened(line.stripTrailing(), width)).toList();
    }

    /** One line, for an output that cannot be redrawn. */
    public static String line(RunView view, long nowMs) {
        Totals t = view.totals(nowMs);
        long training =
                view.workers(nowMs).stream()
                        .filter(w -> w.state() == WorkerView.State.TRAINING)
                        .count();
        return String.format(
                Locale.ROOT,
                "%10s  version %s  loss %s  accuracy %s  best %s  iterations %d  pushes %d  refused %d"
                        + "  up %s  down %s  workers %d%s",
                duration(t.seconds()),
                t.version() < 0 ? Figures.NONE : t.version(),
                decimal(t.loss(), 4),
                percent(t.accuracy()),
                best(t),
                t.iterations(),
                t.pushes(),
                t.refused(),
                bytes(t.bytesUp()),
                bytes(t.bytesDown()),
                training,
                view.badRecords().text().isEmpty() ? "" : "  " + view.badRecords().text());
    }

    private static String best(Totals t) {
        return t.bestVersion() < 0
                ? Figures.NONE
                : percent(t.bestAccuracy()) + " (v" + t.bestVersion() + ")";
    }

    private static String timeOrState(WorkerView w) {
        return switch (w.state()) {
            case TRAINING -> decimal(w.seconds(), 2) + " s";
            case JOINING -> "joining";
            case SILENT -> "silent";
            case GONE -> "gone";
        };
    }

    private static String shortened(String text, int width) {
        return text.length() <= width ? text : text.substring(0, Math.max(0, width - 1)) + "~";
    }

    private RunScreen() {}
}
