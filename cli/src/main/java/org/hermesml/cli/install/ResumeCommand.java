package org.hermesml.cli.install;

import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.hermesml.cli.local.FlinkRest;
import org.hermesml.cli.local.HermesJobs;
import org.hermesml.cli.local.SavedStates;
import org.hermesml.core.InputException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code hermes resume}: the job goes on where it stood, and so do its runs. */
@Command(
        name = "resume",
        description =
                "Submits the job so that it goes on from a savepoint, or from the newest savepoint or retained checkpoint.")
public final class ResumeCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Mixin private JobOptions options;

    @Parameters(
            paramLabel = "SAVEPOINT",
            arity = "0..1",
            description =
                    "Folder of a savepoint or of a retained checkpoint (default: the newest).")
    private String savepoint;

    @Option(
            names = "--latest",
            description = "The newest savepoint or checkpoint in the cluster's own folders.")
    private boolean latest;

    @Override
    public Integer call() {
        if (latest && savepoint != null) {
            throw new InputException("Name a savepoint or say --latest, not both.");
        }
        FlinkRest rest = options.rest();
        List<FlinkRest.Job> live = HermesJobs.live(rest);
        if (!live.isEmpty()) {
            throw new InputException(
                    "The Hermes job "
                            + live.get(0).id()
                            + " runs already at "
                            + rest.address()
                            + "; end it first with ./hermes savepoint --stop.");
        }
        String from =
                savepoint == null
                        ? SavedStates.newest(rest.configuration()).toUri().toString()
                        : SavedStates.checked(savepoint);
        JobOptions.Started job = options.start(rest, Optional.of(from));
        PrintWriter out = spec.commandLine().getOut();
        out.println("Went on from " + from);
        out.println(job.line());
        out.flush();
        return 0;
    }
}
