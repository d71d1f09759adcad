package org.hermesml.edge;

import java.io.PrintWriter;
import org.hermesml.core.InputException;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * One sentence on standard error and an exit code: 2 for bad input, 1 for a run that failed, 0 when
 * asked to stop.
 */
final class Failures implements IExecutionExceptionHandler, IParameterExceptionHandler {
    @Override
    public int handleParseException(ParameterException e, String[] args) {
        CommandLine command = e.getCommandLine();
        PrintWriter err = command.getErr();
        err.println(command.getCommandSpec().qualifiedName() + ": " + e.getMessage());
        CommandLine.UnmatchedArgumentException.printSuggestions(e, err);
        err.println("All options: " + command.getCommandSpec().qualifiedName() + " --help");
        return 2;
    }

    @Override
    public int handleExecutionException(Exception e, CommandLine command, ParseResult parsed) {
        if (e instanceof StopSignal.Stopped) {
            return 0;
        }
        boolean input = e instanceof InputException || e instanceof BrokerSilent;
        String message = e.getMessage() == null ? e.toString() : e.getMessage();
        System.err.println(
                command.getCommandSpec().qualifiedName()
                        + ": "
                        + (input || e instanceof RunFault
                                ? message
                                : e.getClass().getSimpleName() + ": " + message));
        if (command.getParseResult().hasMatchedOption(TraceOption.NAME)) {
            e.printStackTrace(System.err);
        }
        return input ? 2 : 1;
    }
}
