package org.hermesml.simulator.command;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code hermes bench}: how methods, the simulator and the engines do. */
@Command(
        name = "bench",
        subcommands = {BenchPaper.class, BenchPoison.class, BenchScale.class, BenchTraining.class})
final class BenchCommand implements Runnable {
    @Spec private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "Say which: bench paper, bench poison, bench scale or bench training");
    }
}
