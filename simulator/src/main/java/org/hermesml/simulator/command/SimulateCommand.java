package org.hermesml.simulator.command;

import java.util.List;
import java.util.concurrent.Callable;
import org.hermesml.simulator.campaign.Plan;
import org.hermesml.simulator.campaign.PlannedRun;
import org.hermesml.simulator.campaign.Variant;
import org.hermesml.simulator.campaign.VariantNames;
import org.hermesml.simulator.report.Comparison;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code hermes simulate}: methods against each other on test beds. */
@Command(name = "simulate")
final class SimulateCommand implements Callable<Integer> {
    @Mixin private HarnessOptions options;

    @Option(names = "--methods", paramLabel = "METHOD[@SETTING],...")
    private String methods = "hermes,bsp,balanced,balanced@best";

    @Override
    public Integer call() {
        options.check();
        List<Variant> variants =
                new VariantNames(new CorePresets(), options.common(), options.overrides())
                        .parse(methods);
        List<PlannedRun> plan =
                Plan.of(options.testBeds("twelve"), variants, options.seed, options.seeds(1));
        return new Harness(options)
                .run("Synchronisation methods in virtual time", "sim", plan, Comparison.usual());
    }
}
