package org.hermesml.cli.explain;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.hermesml.cli.SettingsOptions;
import org.hermesml.cli.explain.FigureFile.Line;
import org.hermesml.core.InputException;
import org.hermesml.core.allocation.AllocationRound;
import org.hermesml.core.allocation.AllocationRound.Decision;
import org.hermesml.core.allocation.AllocationRound.Finding;
import org.hermesml.core.allocation.AllocationRound.Standing;
import org.hermesml.core.allocation.Outliers;
import org.hermesml.core.allocation.StepCost;
import org.hermesml.core.settings.Settings;
import org.hermesml.core.state.StepTime;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code hermes explain allocation}: what workers with these times would be given after their first
 * round.
 */
@Command(
        name = "allocation",
        description =
                "Print quartiles, outliers and new allocations for one round of iteration times.")
final class ExplainAllocation implements Callable<Integer> {
    @Spec private CommandSpec spec;
    @Mixin private SettingsOptions settingsOptions;

    @Option(names = "--json", description = "print {target, workers: [...]}")
    private boolean json;

    @Option(
            names = "--most-samples",
            paramLabel = "N",
            defaultValue = "100000000",
            description = "samples that each worker can hold (default: no limit)")
    private int mostSamples;

    @Parameters(paramLabel = "TIMES.csv", description = "worker,seconds,samples,miniBatch a line")
    private Path file;

    @Override
    public Integer call() {
        Settings settings = settingsOptions.settings(Map.of(), ExplainCommand.AS_IN_THE_PAPER);
        if (mostSamples < 1) {
            throw new InputException(
                    "--most-samples "
                            + mostSamples
                            + " is not allowed; a whole number from 1 is needed.");
        }
        Map<String, Standing> standings = standings(settings);
        Decision decision = new AllocationRound(settings).decide(standings, 0);
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            Map<String, Object> object = new LinkedHashMap<>();
            object.put("target", decision.targetSeconds());
            object.put(
                    "workers",
                    standings.keySet().stream()
                            .map(w -> asJson(w, decision.findings().get(w)))
                            .toList());
            Json.print(out, object);
        } else {
            printTable(out, settings, standings, decision);
        }
        out.flush();
        return 0;
    }

    /** In the order of the file. */
    private Map<String, Standing> standings(Settings settings) {
        FigureFile times =
                FigureFile.read(file, List.of("worker", "seconds", "samples", "miniBatch"));
        Map<String, Standing> standings = new LinkedHashMap<>();
        for (Line line : times.lines()) {
            String worker = line.fields().get(0);
            if (worker.isEmpty() || standings.containsKey(worker)) {
                throw times.fault(
                        line, "worker '" + worker + "' needs a name that no other line has");
            }
            StepTime time = time(times, line, settings.get(Settings.LOCAL_EPOCHS));
            standings.put(
                    worker,
                    new Standing(
                            time.getSeconds(),
                            time.getSeconds(),
                            0,
                            StepCost.of(List.of(time)),
                            time.getSamples(),
                            time.getMiniBatch(),
                            mostSamples,
                            true));
        }
        return standings;
    }

    private static StepTime time(FigureFile times, Line line, int epochs) {
        double seconds = times.decimal(line, 1, "time in seconds");
        if (seconds <= 0) {
            throw times.fault(
                    line, "'" + line.fields().get(1) + "' seconds; more than 0 is needed");
        }
        return StepTime.newBuilder()
                .setSeconds(seconds)
                .setSamples(times.count(line, 2, "samples"))
                .setMiniBatch(times.count(line, 3, "samples of a mini-batch"))
                .setEpochs(epochs)
                .build();
    }

    private static Map<String, Object> asJson(String worker, Finding f) {
        Map<String, Object> object = new LinkedHashMap<>();
        Optional<Outliers> fences = f.fences();
        object.put("worker", worker);
        object.put("seconds", f.seconds());
        object.put("q1", fences.map(x -> x.others().q1()).orElse(null));
        object.put("q3", fences.map(x -> x.others().q3()).orElse(null));
        object.put("lower", fences.map(Outliers::lower).orElse(null));
        object.put("upper", fences.map(Outliers::upper).orElse(null));
        object.put("outlier", f.outlier());
        object.put("samples", f.fit().samples());
        object.put("miniBatch", f.fit().miniBatch());
        object.put("predictedSeconds", f.fit().seconds());
        object.put("reason", f.fit().reason());
        return object;
    }

    private static void printTable(
            PrintWriter out,
            Settings settings,
            Map<String, Standing> standings,
            Decision decision) {
        out.printf(
                Locale.ROOT,
                "method %s, local_epochs %d, target %.4g s%n%n",
                settings.get(Settings.METHOD),
                settings.get(Settings.LOCAL_EPOCHS),
                decision.targetSeconds());
        int width = standings.keySet().stream().mapToInt(String::length).max().orElse(0);
        String form = "%-" + Math.max(6, width) + "s %9s %9s %9s %9s %9s  %-7s %9s %10s %10s  %s%n";
        out.printf(
                form,
                "worker",
                "seconds",
                "q1",
                "q3",
                "lower",
                "upper",
                "outlier",
                "samples",
                "mini-batch",
                "predicted",
                "reason");
        for (String worker : standings.keySet()) {
            Finding f = decision.findings().get(worker);
            Optional<Outliers> fences = f.fences();
            out.printf(
                    form,
                    worker,
                    figure(Optional.of(f.seconds())),
                    figure(fences.map(x -> x.others().q1())),
                    figure(fences.map(x -> x.others().q3())),
                    figure(fences.map(Outliers::lower)),
                    figure(fences.map(Outliers::upper)),
                    f.outlier() ? "yes" : "no",
                    f.fit().samples(),
                    f.fit().miniBatch(),
                    figure(Optional.of(f.fit().seconds())),
                    f.fit().reason());
        }
    }

    private static String figure(Optional<Double> value) {
        return value.map(v -> String.format(Locale.ROOT, "%.3f", v)).orElse("-");
    }
}
