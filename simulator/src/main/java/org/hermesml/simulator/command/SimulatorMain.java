package org.hermesml.simulator.command;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The program that simulates; the {@code hermes} command starts it as a process of its own. */
@Command(
        name = "hermes",
        subcommands = {SimulateCommand.class, AblateCommand.class, BenchCommand.class})
public final class SimulatorMain implements Runnable {
    @Spec private CommandSpec spec;

    public static void main(String[] args) {
        System.exit(run(args));
    }

    /** Returns the exit code: 0, 1 for what failed, 2 for bad input, 130 when interrupted. */
    public static int run(String... args) {
        return commandLine().execute(args);
    }

    static CommandLine commandLine() {
        Failures failures = new Failures();
        return new CommandLine(new SimulatorMain())
                .setExecutionExceptionHandler(failures)
                .setParameterExceptionHandler(failures);
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "No command given");
    }
}
