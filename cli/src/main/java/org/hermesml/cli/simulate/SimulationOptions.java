package org.hermesml.cli.simulate;

import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of all commands that simulate; a picocli mixin. */
public final class SimulationOptions {
    @Mixin private WorkloadOptions workload;

    @Option(
            names = "--testbed",
            paramLabel = "NAME|FILE,...",
            description =
                    "Test beds of conf/testbeds (ten, twelve, equal, one-straggler, slow-links, churn, hundred, four-local) or"
                            + " files; bench scale takes one (default: twelve; bench poison: ten; bench paper: all but ten and four-local).")
    private String testBed;

    @Option(
            names = "--target-accuracy",
            paramLabel = "A",
            description = "Held-out accuracy that ends a run (default: 0.97).")
    private String targetAccuracy;

    @Option(names = "--seed", paramLabel = "FIRST", description = "First seed (default: 1).")
    private String seed;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description =
                    "One setting of every method, stronger than its preset; may be repeated (docs/settings.md).")
    private List<String> assignments = List.of();

    @Option(
            names = "--hostile",
            paramLabel = "FRACTION:ATTACK",
            description =
                    "That fraction of each test bed's devices is hostile, spread over all: sign-flip, scale-100, label-flip,"
                            + " noise, drift or false-loss (docs/defence.md).")
    private String hostile;

    @Option(
            names = "--max-time",
            paramLabel = "DURATION",
            description =
                    "Virtual time after which a run is given up (default: 6h; of method local 20m; bench poison: 1m; bench scale: 10m).")
    private String maxTime;

    @Option(
            names = "--jobs",
            paramLabel = "N",
            description =
                    "Runs at a time, and threads that train in all of them (default: one for each processor).")
    private String jobs;

    /** Those that were given, as arguments. */
    List<String> arguments() {
        List<String> arguments = workload.arguments();
        WorkloadOptions.add(arguments, "--testbed", testBed);
        WorkloadOptions.add(arguments, "--target-accuracy", targetAccuracy);
        WorkloadOptions.add(arguments, "--seed", seed);
        assignments.forEach(assignment -> WorkloadOptions.add(arguments, "--set", assignment));
        WorkloadOptions.add(arguments, "--hostile", hostile);
        WorkloadOptions.add(arguments, "--max-time", maxTime);
        WorkloadOptions.add(arguments, "--jobs", jobs);
        return arguments;
    }
}
