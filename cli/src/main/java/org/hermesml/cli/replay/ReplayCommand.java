package org.hermesml.cli.replay;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.hermesml.cli.local.MasterOptions;
import org.hermesml.cli.run.KafkaSite;
import org.hermesml.cli.run.RunIds;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code hermes replay RUN}: the audit that needs nothing but Kafka. */
@Command(
        name = "replay",
        description = {
            "Makes every model version of a run anew from its verdict log and the updates that it names, and compares"
                    + " each, slice by slice, with the one that was published.",
            "Exit code 0: all are equal; 1: one is not; 2: it cannot be replayed."
        })
public final class ReplayCommand implements Callable<Integer> {
    @Spec private CommandSpec spec;

    @Mixin private MasterOptions master;

    @Parameters(paramLabel = "RUN", description = "Name of the run.")
    private String run;

    @Option(names = "--quiet", description = "Print the last line only, not each version's digest.")
    private boolean quiet;

    @Override
    public Integer call() {
        KafkaSite site = new KafkaSite(master.master().bootstrap(), master.master().topics());
        RunReplay replay = new RunReplay(site, RunIds.checked(run));
        PrintWriter out = spec.commandLine().getOut();
        RunReplay.Result result =
                replay.run(
                        version -> {
                            if (!quiet) {
                                out.println(line(version));
                                out.flush();
                            }
                        });
        if (result.start().version() >= 0) {
            out.println(
                    "Slices of the first updates are no longer kept: began from version "
                            + result.start().version()
                            + " as it was published.");
        }
        out.println(verdict(result));
        out.flush();
        return result.equal() ? 0 : 1;
    }

    private static String line(ReplayedVersion version) {
        String found =
                switch (version.finding()) {
                    case EQUAL -> "equal";
                    case DIFFERENT ->
                            "DIFFERENT from what was published in slice " + version.slice();
                    case INCOMPLETE -> "slice " + version.slice() + " is not there";
                    case ABSENT -> "not there";
                };
        return "version " + version.version() + "  " + version.digest() + "  " + found;
    }

    private String verdict(RunReplay.Result result) {
        String made = "Run " + run + ": " + result.versions() + " versions made anew, ";
        return made
                + result.fault()
                        .map(fault -> "the first fault is " + line(fault) + ".")
                        .orElse(
                                result.compared()
                                        + " compared with what was published, all equal.");
    }
}
