package org.hermesml.cli.chaos;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.hermesml.cli.local.Counts;
import org.hermesml.cli.local.HermesHome;
import org.hermesml.cli.proof.LastingRun;
import org.hermesml.cli.proof.Proof;
import org.hermesml.cli.run.RunOptions;
import org.hermesml.core.InputException;
import org.hermesml.core.settings.Settings;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code hermes chaos}: the proof that nothing is lost and nothing counts twice. */
@Command(
        name = "chaos",
        description = {
            "Trains with real processes on this machine, kills (kill -9) and pauses them at random moments, and holds every"
                    + " update and every version of the model against the verdict log afterwards.",
            "Exit code 0: all kills were done, nothing was lost or doubled, and the model equals its replay."
        })
public final class ChaosCommand implements Callable<Integer> {
    static final String FILE = "chaos.json";

    @Spec private CommandSpec spec;

    @Mixin private RunOptions options;

    @Option(
            names = "--kills",
            paramLabel = "N",
            defaultValue = "100",
            description =
                    "Processes to kill (default: ${DEFAULT-VALUE}); a quarter as many pauses come on top.")
    private int kills;

    @Option(
            names = "--minutes",
            paramLabel = "M",
            defaultValue = "60",
            description = "No fault comes later than this (default: ${DEFAULT-VALUE}).")
    private int minutes;

    @Option(
            names = "--targets",
            paramLabel = "T,T,...",
            defaultValue = "taskmanager,jobmanager,broker,worker,evaluator",
            description = "What is killed (default: ${DEFAULT-VALUE}).")
    private String targets;

    @Option(
            names = "--workers",
            paramLabel = "N",
            defaultValue = "3",
            description = "Worker processes (default: ${DEFAULT-VALUE}).")
    private int workers;

    @Option(
            names = "--slowdown",
            paramLabel = "F",
            defaultValue = "2",
            description =
                    "Factor by which workers are slowed, which leaves the cores to the recovery (default: ${DEFAULT-VALUE}).")
    private double slowdown;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description =
                    "Folder that takes chaos.json and logs; must be empty or absent (default: runs/chaos-SEED).")
    private Path out;

    @Option(
            names = "--keep",
            description =
                    "Keep the data of broker and cluster, as is done where a fault was found.")
    private boolean keep;

    @Override
    public Integer call() throws Exception {
        ChaosPlan plan = plan(HermesHome.find());
        CommandLine command = spec.commandLine();
        ChaosResult result = new ChaosRun(plan, Proof.words(command)).run();
        return plan.proof().tell(result, FILE, keep, command);
    }

    private ChaosPlan plan(HermesHome home) {
        List<Target> chosen = Target.parse(targets);
        Counts.require("--kills", kills, 0, 100_000);
        Counts.require("--minutes", minutes, 1, 10_000);
        Counts.require("--workers", workers, 1, 64);
        if (!(slowdown >= 1 && slowdown <= 1000)) {
            throw new InputException(
                    "--slowdown " + slowdown + " is not allowed; allowed: 1 to 1000.");
        }
        LastingRun run = LastingRun.of(options.choice(), workers, Duration.ofHours(24));
        long seed = run.choice().settings().get(Settings.SEED);
        Path folder = out == null ? home.runs().resolve("chaos-" + seed) : out;
        return new ChaosPlan(
                home,
                run,
                kills,
                seed,
                Duration.ofMinutes(minutes),
                chosen,
                workers,
                slowdown,
                Proof.in(folder));
    }
}
