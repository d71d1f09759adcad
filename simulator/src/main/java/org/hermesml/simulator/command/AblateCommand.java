package org.hermesml.simulator.command;

import java.util.List;
import java.util.concurrent.Callable;
import org.hermesml.simulator.campaign.Ablations;
import org.hermesml.simulator.campaign.PlannedRun;
import org.hermesml.simulator.report.Comparison;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code hermes ablate}: one rule at a time. */
@Command(name = "ablate")
final class AblateCommand implements Callable<Integer> {
    @Mixin private CampaignOptions options;

    @Override
    public Integer call() {
        List<PlannedRun> plan = options.plan(Ablations.of(options.harness.names()), "twelve", 1);
        return new Harness(options)
                .run(
                        "One rule of hermes at a time",
                        "ablate",
                        plan,
                        List.of(Comparison.with(Ablations.BASE)));
    }
}
