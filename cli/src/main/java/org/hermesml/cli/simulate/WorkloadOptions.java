package org.hermesml.cli.simulate;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * What is trained on which data, for all commands that start the program that simulates. Options
 * are named and explained here, and checked by that program before it does anything heavy; a
 * picocli mixin.
 */
public final class WorkloadOptions {
    private static final String STACKTRACE = "--stacktrace";

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--dataset",
            paramLabel = "NAME|PATH",
            description =
                    "digits (built in), mnist, cifar-10, or a folder with the files of one (default: mnist where it is found, else digits).")
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
            description =
                    "mlp, cnn, alexnet, or a file: Keras 2 .h5, DL4J zip, TorchScript .pt (default: mlp).")
    private String model;

    /** Those that were given, as arguments; with them what every command takes. */
    List<String> arguments() {
        List<String> arguments = new ArrayList<>();
        add(arguments, "--dataset", dataset);
        add(arguments, "--data-dir", dataDir);
        add(arguments, "--model", model);
        // it may stand before the command as well as behind it
        CommandSpec hermes = command.commandLine().getCommandSpec().root();
        if (Boolean.TRUE.equals(hermes.findOption(STACKTRACE).getValue())) {
            arguments.add(STACKTRACE);
        }
        return arguments;
    }

    static void add(List<String> arguments, String option, String value) {
        if (value != null) {
            // In one word, so that a value that begins with a dash is no option.
            arguments.add(option + "=" + value);
        }
    }
}
