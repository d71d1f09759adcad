package org.hermesml.cli.run;

import java.util.concurrent.Callable;
import org.hermesml.cli.local.MasterOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code hermes delete RUN}: the broker and the job forget a run that has ended. */
@Command(
        name = "delete",
        description =
                "Removes a run that has ended from the broker: samples, models, its best model.")
public final class DeleteCommand implements Callable<Integer> {
    @Mixin private MasterOptions master;

    @Parameters(paramLabel = "RUN", description = "Name of the run.")
    private String run;

    @Override
    public Integer call() {
        KafkaSite site = new KafkaSite(master.master().bootstrap(), master.master().topics());
        new RunDirectory(site).delete(RunIds.checked(run));
        System.out.println("Run " + run + " is deleted.");
        return 0;
    }
}
