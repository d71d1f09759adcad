package org.hermesml.simulator.command;

import java.util.List;
import java.util.concurrent.Callable;
import org.hermesml.simulator.campaign.Ablations;
import org.hermesml.simulator.campaign.Plan;
import org.hermesml.simulator.campaign.PlannedRun;
import org.hermesml.simulator.campaign.VariantNames;
import org.hermesml.simulator.report.Comparison;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code hermes ablate}: one rule at a time. */
@Command(name = "ablate")
final class AblateCommand implements Callable<Integer> {
    @Mixin private HarnessOptions options;

    @Override
    public Integer call() {
        options.check();
        VariantNames names =
                new VariantNames(new CorePresets(), options.common(), options.overrides());
        List<PlannedRun> plan =
                Plan.of(
                        options.testBeds("twelve"),
                        Ablations.of(names),
                        options.seed,
                        options.seeds(1));
        return new Harness(options)
                .run(
                        "One rule of hermes at a time",
                        "ablate",
                        plan,
                        List.of(Comparison.with(Ablations.BASE)));
    }
}
