package org.hermesml.cli.simulate;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code hermes ablate}: what each rule of hermes is worth. */
@Command(
        name = "ablate",
        description = {
            "Switches one rule of hermes at a time, in virtual time: gate, threshold reset, window reset, fresh held-out"
                    + " samples, merge weight, loss power, merge in rounds or one by one, quorum, grace, overtime,"
                    + " allocation and its target, least training, probe, mini-batch search, prefetch, server momentum,"
                    + " staleness exponent, number formats, tail average, local epochs, alpha, beta, lambda, window.",
            "Prints one table with the ratio to the defaults; writes results.json, results.csv and report.html."
        })
public final class AblateCommand implements Callable<Integer> {
    @Mixin private CampaignOptions options;

    @Override
    public Integer call() {
        return SimulatorProgram.run(List.of("ablate"), options.arguments());
    }
}
