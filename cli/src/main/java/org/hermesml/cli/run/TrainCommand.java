package org.hermesml.cli.run;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.List;
import java.util.concurrent.Callable;
import org.hermesml.cli.local.Counts;
import org.hermesml.cli.local.HermesHome;
import org.hermesml.core.InputException;
import org.hermesml.core.settings.Settings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code hermes train}: a whole run on this machine. */
@Command(
        name = "train",
        description =
                "Trains on this machine: starts a broker, the Flink job, an evaluator and workers, and ends them all with the run.")
public final class TrainCommand implements Callable<Integer> {
    private static final int MAX_WORKERS = 64;

    @Mixin private RunOptions options;

    @Option(
            names = "--workers",
            paramLabel = "N",
            defaultValue = "4",
            description = "Worker processes (default: ${DEFAULT-VALUE}).")
    private int workers;

    @Option(
            names = "--slowdown",
            paramLabel = "F,F,...",
            description =
                    "Factors by which the workers are slowed, to stand for unequal devices; the last holds for all further"
                            + " workers (default: 1,1,2,4 as far as there are workers).")
    private String slowdown;

    @Option(
            names = "--local-data",
            paramLabel = "PATH",
            description =
                    "Samples of a worker's own, to train on in place of the data set's; once for each worker from the"
                            + " first on (default: none).")
    private List<Path> localData = List.of();

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description =
                    "Folder that takes the result; must be empty or absent (default: runs/RUN).")
    private Path out;

    @Option(
            names = "--keep-running",
            description = "Keep broker and web UI up after the run, until Ctrl-C.")
    private boolean keepRunning;

    @Override
    public Integer call() {
        LocalRunPlan plan = plan(HermesHome.find(), LocalDateTime.now());
        try (Interrupts interrupts = Interrupts.install()) {
            return new LocalRun(plan, Display.ofStandardOutput(), System.out, interrupts).run()
                    ? 0
                    : 1;
        }
    }

    /** Everything checked that can be, nothing started yet. */
    LocalRunPlan plan(HermesHome home, LocalDateTime now) {
        RunChoice choice = options.choice();
        Counts.require("--workers", workers, 1, MAX_WORKERS);
        List<Double> slowdowns =
                Slowdowns.parse(slowdown == null ? usual(workers) : slowdown, workers);
        if (localData.size() > workers) {
            throw new InputException(
                    "--local-data is given "
                            + localData.size()
                            + " times for "
                            + workers
                            + (workers == 1 ? " worker" : " workers")
                            + "; name at most one path for each worker.");
        }
        for (Path path : localData) {
            if (!Files.exists(path)) {
                throw new InputException(
                        "--local-data "
                                + path
                                + " does not exist; name a folder of IDX files or CIFAR-10 batches, a .npz file or a"
                                + " CSV file.");
            }
        }
        String run =
                RunIds.create(
                        choice.dataset(),
                        choice.settings().get(Settings.METHOD),
                        now,
                        id -> Files.exists(home.runs().resolve(id)));
        Path folder = out == null ? home.runs().resolve(run) : out;
        RunFiles.requireEmpty(folder);
        return new LocalRunPlan(home, run, choice, folder, slowdowns, localData, keepRunning);
    }

    private static String usual(int workers) {
        return String.join(",", List.of("1", "1", "2", "4").subList(0, Math.min(4, workers)));
    }
}
