package org.hermesml.cli.simulate;

import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code hermes bench}: how methods, the simulator and the training engines do. */
@Command(
        name = "bench",
        description =
                "Measures: all methods on all test beds, how far the simulator scales, how fast training is.")
public final class BenchCommand implements Runnable {
    @Spec private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Say which table");
    }

    @Command(
            name = "paper",
            description =
                    "All methods on all test beds, 10 seeds; says beforehand how long it takes. Ctrl-C keeps what is done.")
    int paper(
            @Mixin CampaignOptions options,
            @Option(
                            names = "--methods",
                            paramLabel = "METHOD,...",
                            description = "Methods as in simulate (default: all).")
                    String methods,
            @Option(names = "--quick", description = "One seed only.") boolean quick) {
        List<String> arguments = options.arguments();
        WorkloadOptions.add(arguments, "--methods", methods);
        if (quick) {
            arguments.add("--quick");
        }
        return SimulatorProgram.run(List.of("bench", "paper"), arguments);
    }

    @Command(
            name = "poison",
            description =
                    "What 30%% hostile workers do to a run, with samples spread at random and with classes out of proportion, and"
                            + " who is found out.")
    int poison(
            @Mixin CampaignOptions options,
            @Option(
                            names = "--attacks",
                            paramLabel = "ATTACK,...",
                            description =
                                    "none, sign-flip, scale-100, label-flip, noise, drift, false-loss (default: all).")
                    String attacks,
            @Option(
                            names = "--partitions",
                            paramLabel = "PARTITION,...",
                            description = "iid, labels, dirichlet (default: iid,dirichlet).")
                    String partitions) {
        List<String> arguments = options.arguments();
        WorkloadOptions.add(arguments, "--attacks", attacks);
        WorkloadOptions.add(arguments, "--partitions", partitions);
        return SimulatorProgram.run(List.of("bench", "poison"), arguments);
    }

    @Command(
            name = "scale",
            description =
                    "Time and memory that simulating 10, 100 and 1,000 devices takes, and 10,000 with recorded training.")
    int scale(
            @Mixin SimulationOptions options,
            @Option(
                            names = "--devices",
                            paramLabel = "N,...",
                            description =
                                    "Numbers of devices with real training (default: 10,100,1000).")
                    String devices,
            @Option(
                            names = "--recorded",
                            paramLabel = "N,...",
                            description =
                                    "Numbers of devices with recorded training (default: 10000).")
                    String recorded) {
        List<String> arguments = options.arguments();
        WorkloadOptions.add(arguments, "--devices", devices);
        WorkloadOptions.add(arguments, "--recorded", recorded);
        return SimulatorProgram.run(List.of("bench", "scale"), arguments);
    }

    @Command(
            name = "training",
            description =
                    "Samples per second of the training engines on this machine, beside PyTorch itself, and the memory they take;"
                            + " ten minutes.")
    int training(@Mixin BenchTrainingOptions options) {
        return SimulatorProgram.bench(options.arguments());
    }
}
