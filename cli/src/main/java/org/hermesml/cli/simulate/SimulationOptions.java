package org.hermesml.cli.simulate;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/**
 * The options that all commands share which simulate: named and explained here, checked by the
 * program that simulates before it does anything heavy; a picocli mixin.
 */
public final class SimulationOptions {
    @Option(
            names = "--testbed",
            paramLabel = "NAME|FILE,...",
            description =
                    "Test beds of conf/testbeds (twelve, equal, one-straggler, slow-links, churn, hundred) or files.")
    private String testBed;

    @Option(
            names = "--dataset",
            paramLabel = "NAME|PATH",
            description =
                    "digits (built in), mnist, or a folder with the four IDX files (default: mnist where it is found, else digits).")
    private String dataset;

    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            description =
                    "Folder in which a named data set lies (default: environment variable HERMES_DATA).")
    private String dataDir;

    @Option(
            names = "--model",
            paramLabel = "NAME|PATH",
            description = "mlp, cnn, or a DL4J ModelSerializer zip (default: mlp).")
    private String model;

    @Option(
            names = "--target-accuracy",
            paramLabel = "A",
            description = "Held-out accuracy that ends a run (default: 0.97).")
    private String targetAccuracy;

    @Option(names = "--seed", paramLabel = "FIRST", description = "First seed (default: 1).")
    private String seed;

    @Option(
            names = "--seeds",
            paramLabel = "N",
            description = "So many seeds, from the first on (default: 1).")
    private String seeds;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description =
                    "One setting of every method, stronger than its preset; may be repeated (docs/settings.md).")
    private List<String> assignments = List.of();

    @Option(
            names = "--max-time",
            paramLabel = "DURATION",
            description = "Virtual time after which a run is given up (default: 6h).")
    private String maxTime;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description =
                    "Folder that takes the results; must be empty or absent (default: in runs/).")
    private String out;

    @Option(
            names = "--jobs",
            paramLabel = "N",
            description = "Runs at a time (default: one for each processor).")
    private String jobs;

    /** Those that were given, as arguments. */
    List<String> arguments() {
        List<String> arguments = new ArrayList<>();
        add(arguments, "--testbed", testBed);
        add(arguments, "--dataset", dataset);
        add(arguments, "--data-dir", dataDir);
        add(arguments, "--model", model);
        add(arguments, "--target-accuracy", targetAccuracy);
        add(arguments, "--seed", seed);
        add(arguments, "--seeds", seeds);
        assignments.forEach(assignment -> add(arguments, "--set", assignment));
        add(arguments, "--max-time", maxTime);
        add(arguments, "--out", out);
        add(arguments, "--jobs", jobs);
        return arguments;
    }

    static void add(List<String> arguments, String option, String value) {
        if (value != null) {
            // In one word, so that a value that begins with a dash is no option.
            arguments.add(option + "=" + value);
        }
    }
}
