package org.hermesml.cli.install;

import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code hermes submit}: brings the job to a Flink cluster and sees it run. */
@Command(
        name = "submit",
        description =
                "Submits the Hermes job to a Flink cluster; one running job serves many runs.")
public final class SubmitCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Mixin private JobOptions options;

    @Option(
            names = "--from",
            paramLabel = "PATH",
            description = "Savepoint or retained checkpoint to go on from.")
    private String from;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        out.println(options.start(options.rest(), Optional.ofNullable(from)).line());
        out.flush();
        return 0;
    }
}
