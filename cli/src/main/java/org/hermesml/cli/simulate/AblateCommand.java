package org.hermesml.cli.simulate;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code hermes ablate}: what each rule of hermes is worth. */
@Command(
        name = "ablate",
        description = {
            "Switches one rule of hermes at a time, in virtual time: gate, threshold reset, held-out set, loss weights,"
                    + " allocation, mini-batch search, prefetch, compression, local epochs, alpha, beta, lambda, window.",
            "Prints one table with the ratio to the defaults."
        })
public final class AblateCommand implements Callable<Integer> {
    @Mixin private SimulationOptions options;

    @Override
    public Integer call() {
        return SimulatorProgram.run(List.of("ablate"), options.arguments());
    }
}
