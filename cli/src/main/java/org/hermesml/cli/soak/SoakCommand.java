package org.hermesml.cli.soak;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.hermesml.cli.local.Counts;
import org.hermesml.cli.local.HermesHome;
import org.hermesml.cli.proof.Proof;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code hermes soak}: the proof that nothing grows. */
@Command(
        name = "soak",
        description = {
            "Lets hundreds of made-up devices and one real one take part in runs that begin, end and are deleted one after the"
                    + " other, and measures the memory of every process, and the files of broker and state.",
            "Exit code 0: after the first third of the time nothing grew by more than a tenth."
        })
public final class SoakCommand implements Callable<Integer> {
    static final String FILE = "soak.json";

    @Spec private CommandSpec spec;

    @Option(
            names = "--minutes",
            paramLabel = "M",
            defaultValue = "30",
            description = "How long (default: ${DEFAULT-VALUE}).")
    private int minutes;

    @Option(
            names = "--devices",
            paramLabel = "N",
            defaultValue = "300",
            description = "Made-up devices in all runs (default: ${DEFAULT-VALUE}).")
    private int devices;

    @Option(
            names = "--runs",
            paramLabel = "N",
            defaultValue = "4",
            description = "Made-up runs at a time (default: ${DEFAULT-VALUE}).")
    private int runs;

    @Option(
            names = "--seed",
            paramLabel = "S",
            defaultValue = "1",
            description = "Of the devices (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description =
                    "Folder that takes soak.json and logs; must be empty or absent (default: runs/soak-SEED).")
    private Path out;

    @Option(names = "--keep", description = "Keep the data of broker and cluster.")
    private boolean keep;

    @Override
    public Integer call() throws Exception {
        SoakPlan plan = plan(HermesHome.find());
        CommandLine command = spec.commandLine();
        SoakResult result = new SoakRun(plan, Proof.words(command)).run();
        return plan.proof().tell(result, FILE, keep, command);
    }

    private SoakPlan plan(HermesHome home) {
        Counts.require("--minutes", minutes, 1, 10_000);
        Counts.require("--runs", runs, 1, 64);
        Counts.require("--devices", devices, 2 * runs, 100_000);
        Path folder = out == null ? home.runs().resolve("soak-" + seed) : out;
        return new SoakPlan(
                home, Duration.ofMinutes(minutes), devices, runs, seed, Proof.in(folder));
    }
}
