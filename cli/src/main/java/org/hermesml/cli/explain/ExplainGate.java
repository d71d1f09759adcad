package org.hermesml.cli.explain;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.hermesml.cli.SettingsOptions;
import org.hermesml.core.message.PushState;
import org.hermesml.core.method.Methods;
import org.hermesml.core.method.PushRule;
import org.hermesml.core.method.PushRule.PushStep;
import org.hermesml.core.settings.Settings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code hermes explain gate}: when a worker with these losses would have pushed. */
@Command(
        name = "gate",
        description = "Print z-score, threshold and decision for each held-out loss.")
final class ExplainGate implements Callable<Integer> {
    private record Decided(double loss, PushStep step) {}

    @Spec private CommandSpec spec;
    @Mixin private SettingsOptions settingsOptions;

    @Option(names = "--json", description = "print an array of {loss, z, threshold, push}")
    private boolean json;

    @Parameters(paramLabel = "LOSSES.csv", description = "one loss a line, oldest first")
    private Path file;

    @Override
    public Integer call() {
        Settings settings = settingsOptions.settings(Map.of(), ExplainCommand.AS_IN_THE_PAPER);
        PushRule rule = Methods.of(settings).pushRule();
        FigureFile losses = FigureFile.read(file, List.of("loss"));
        List<Decided> decisions = new ArrayList<>();
        PushState state = rule.start();
        for (FigureFile.Line line : losses.lines()) {
            double loss = losses.decimal(line, 0, "loss");
            PushStep step = rule.observe(state, PushRule.Observation.ofLoss(loss));
            decisions.add(new Decided(loss, step));
            // A worker that pushed is given the new model.
            state = step.push() ? rule.pulled(step.next(), 0) : step.next();
        }
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            Json.print(out, decisions.stream().map(ExplainGate::asJson).toList());
        } else {
            printTable(out, settings, decisions);
        }
        out.flush();
        return 0;
    }

    private static Map<String, Object> asJson(Decided d) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("loss", d.loss());
        object.put("z", Json.number(d.step().z()));
        object.put("threshold", Json.number(d.step().threshold()));
        object.put("push", d.step().push());
        return object;
    }

    private static void printTable(PrintWriter out, Settings settings, List<Decided> decisions) {
        out.printf(
                Locale.ROOT,
                "method %s, alpha %s, beta %s, lambda %s, window_size %s, window_reset %s%n%n",
                settings.get(Settings.METHOD),
                settings.get(Settings.ALPHA),
                settings.get(Settings.BETA),
                settings.get(Settings.LAMBDA),
                settings.get(Settings.WINDOW_SIZE),
                settings.get(Settings.WINDOW_RESET));
        out.printf("%9s %12s %9s %10s  %s%n", "iteration", "loss", "z", "threshold", "decision");
        int iteration = 0;
        for (Decided d : decisions) {
            out.printf(
                    "%9d %12s %9s %10s  %s%n",
                    ++iteration,
                    String.format(Locale.ROOT, "%.6g", d.loss()),
                    orDash(d.step().z()),
                    orDash(d.step().threshold()),
                    d.step().push() ? "push" : "stay");
        }
        long pushes = decisions.stream().filter(d -> d.step().push()).count();
        out.printf("%niterations: %d, pushes: %d%n", decisions.size(), pushes);
    }

    private static String orDash(double value) {
        return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%.4f", value);
    }
}
