package org.hermesml.simulator.command;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code hermes bench}: how methods and the simulator do. */
@Command(
        name = "bench",
        subcommands = {BenchPaper.class, BenchPoison.class, BenchScale.class})
final class BenchCommand implements Runnable {
    @Spec private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "Say which: bench paper, bench poison or bench scale");
    }
}
