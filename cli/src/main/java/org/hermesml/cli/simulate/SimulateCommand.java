package org.hermesml.cli.simulate;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code hermes simulate}: methods against each other in virtual time. */
@Command(
        name = "simulate",
        description = {
            "Compares synchronisation methods on a test bed of unequal devices: training is real, time is virtual.",
            "Prints a table; writes results.json, results.csv and report.html. Ctrl-C keeps what is done."
        })
public final class SimulateCommand implements Callable<Integer> {
    @Mixin private CampaignOptions options;

    @Option(
            names = "--methods",
            paramLabel = "METHOD,...",
            description = {
                "Methods, or all. 'bsp' is that method as its authors used it, 'bsp@best' at its best known setting;"
                        + " 'hermes' is the defaults, 'hermes@paper' the paper's setting"
                        + " (default: hermes,bsp,balanced,balanced@best)."
            })
    private String methods;

    @Override
    public Integer call() {
        List<String> arguments = options.arguments();
        WorkloadOptions.add(arguments, "--methods", methods);
        return SimulatorProgram.run(List.of("simulate"), arguments);
    }
}
