package org.hermesml.cli.simulate;

import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of all commands that make a table of simulated runs; a picocli mixin. */
public final class CampaignOptions {
    @Mixin private SimulationOptions simulation;

    @Option(
            names = "--seeds",
            paramLabel = "N",
            description =
                    "So many seeds, from the first on (default: 1; bench poison: 3; bench paper: 10).")
    private String seeds;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description =
                    "Folder that takes the results; must be empty or absent (default: in runs/).")
    private String out;

    /** Those that were given, as arguments. */
    List<String> arguments() {
        List<String> arguments = simulation.arguments();
        WorkloadOptions.add(arguments, "--seeds", seeds);
        WorkloadOptions.add(arguments, "--out", out);
        return arguments;
    }
}
