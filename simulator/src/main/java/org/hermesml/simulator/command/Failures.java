package org.hermesml.simulator.command;

import java.io.PrintWriter;
import org.hermesml.core.InputException;
import org.hermesml.core.NearestName;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** One sentence on standard error and an exit code: 2 for bad input, 1 for what failed. */
final class Failures implements IExecutionExceptionHandler, IParameterExceptionHandler {
    static final String STACKTRACE = "--stacktrace";

    @Override
    public int handleParseException(ParameterException e, String[] args) {
        CommandLine line = e.getCommandLine();
        String near = "";
        if (e instanceof UnmatchedArgumentException unmatched) {
            near =
                    NearestName.near(
                                    unmatched.getUnmatched().get(0),
                                    line.getCommandSpec().optionsMap().keySet())
                            .map(name -> "; did you mean '" + name + "'?")
                            .orElse("");
        }
        line.getErr().println("hermes: " + e.getMessage() + near);
        return 2;
    }

    @Override
    public int handleExecutionException(Exception e, CommandLine line, ParseResult parsed) {
        PrintWriter err = line.getErr();
        boolean input = e instanceof InputException;
        err.println("hermes: " + (e.getMessage() == null ? "failed with " + e : e.getMessage()));
        if (line.getParseResult().hasMatchedOption(STACKTRACE)) {
            e.printStackTrace(err);
        }
        err.flush();
        return input ? 2 : 1;
    }
}
