package org.hermesml.cli.run;

import java.util.concurrent.Callable;
import org.hermesml.cli.local.MasterOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code hermes stop RUN}: asks the job to end a run; its best model stays. */
@Command(name = "stop", description = "Ends a run; its best model stays and can be exported.")
public final class StopCommand implements Callable<Integer> {
    @Mixin private MasterOptions master;

    @Parameters(paramLabel = "RUN", description = "Name of the run.")
    private String run;

    @Override
    public Integer call() {
        KafkaSite site = new KafkaSite(master.master().bootstrap(), master.master().topics());
        new RunDirectory(site).stop(RunIds.checked(run));
        System.out.println(
                "Run " + run + " is asked to end; ./hermes watch " + run + " shows when it has.");
        return 0;
    }
}
