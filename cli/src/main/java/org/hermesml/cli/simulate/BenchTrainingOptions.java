package org.hermesml.cli.simulate;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** Options of {@code hermes bench training}, checked by the program that measures; a mixin. */
public final class BenchTrainingOptions {
    @Option(
            names = "--models",
            paramLabel = "NAME,...",
            description = "Networks: mlp, cnn, alexnet (default: all).")
    private String models;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            description = "Turns of each engine; medians are printed (default: 7).")
    private String rounds;

    @Option(
            names = "--slice",
            paramLabel = "SECONDS",
            description = "Length of one turn (default: 1).")
    private String slice;

    @Option(names = "--no-memory", description = "Leave out what memory the engines take.")
    private boolean withoutMemory;

    /** Those that were given, as arguments. */
    List<String> arguments() {
        List<String> arguments = new ArrayList<>();
        WorkloadOptions.add(arguments, "--models", models);
        WorkloadOptions.add(arguments, "--rounds", rounds);
        WorkloadOptions.add(arguments, "--slice", slice);
        if (withoutMemory) {
            arguments.add("--no-memory");
        }
        return arguments;
    }
}
