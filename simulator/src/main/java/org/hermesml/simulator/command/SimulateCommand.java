package org.hermesml.simulator.command;

import java.util.List;
import java.util.concurrent.Callable;
import org.hermesml.simulator.campaign.PlannedRun;
import org.hermesml.simulator.campaign.Variant;
import org.hermesml.simulator.report.Comparison;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code hermes simulate}: methods against each other on test beds. */
@Command(name = "simulate")
final class SimulateCommand implements Callable<Integer> {
    @Mixin private CampaignOptions options;

    @Option(names = "--methods", paramLabel = "METHOD[@SETTING],...")
    private String methods = "hermes,bsp,balanced,balanced@best";

    @Override
    public Integer call() {
        List<Variant> variants = options.harness.names().parse(methods);
        List<PlannedRun> plan = options.plan(variants, "twelve", 1);
        return new Harness(options)
                .run("Synchronisation methods in virtual time", "sim", plan, Comparison.usual());
    }
}
