package org.hermesml.cli.install;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.hermesml.cli.local.FlinkRest;
import org.hermesml.cli.local.HermesJobs;
import org.hermesml.core.InputException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code hermes savepoint}: the state of the job, to go on from later or elsewhere. */
@Command(
        name = "savepoint",
        description =
                "Writes the state of the running job to a savepoint, from which ./hermes resume goes on.")
public final class SavepointCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Mixin private ClusterOptions options;

    @Option(
            names = "--job",
            paramLabel = "ID",
            description = "Which job, where several run (default: the only one).")
    private String job;

    @Option(
            names = "--out",
            paramLabel = "DIR|URI",
            description =
                    "Folder that takes the savepoint in one of its own; the cluster must reach it (default: the cluster's).")
    private String out;

    @Option(names = "--stop", description = "End the job with it.")
    private boolean stop;

    @Override
    public Integer call() {
        FlinkRest rest = options.rest();
        String id = HermesJobs.only(rest, job);
        String location =
                HermesJobs.savepoint(rest, id, Optional.ofNullable(out).map(this::target), stop);
        String path =
                location.startsWith("file:") ? location.substring("file:".length()) : location;
        PrintWriter words = spec.commandLine().getOut();
        words.println("Savepoint of job " + id + ": " + path);
        words.println(
                (stop ? "The job has ended; go on with" : "Go on from it with")
                        + " ./hermes resume "
                        + path);
        words.flush();
        return 0;
    }

    private String target(String named) {
        if (named.contains(":/")) {
            return named;
        }
        try {
            return Files.createDirectories(Path.of(named).toAbsolutePath().normalize())
                    .toUri()
                    .toString();
        } catch (IOException e) {
            throw new InputException(
                    "--out " + named + " cannot be made a folder: " + e.getMessage() + ".", e);
        }
    }
}
