package org.hermesml.edge;

import org.hermesml.core.InputException;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** One sentence on standard error and an exit code: 2 for bad input, 1 for a run that failed, 0 when asked to stop. */
final class Failures implements IExecutionExceptionHandler {
    @Override
    public int handleExecutionException(Exception e, CommandLine command, ParseResult parsed) {
        if (e instanceof StopSignal.Stopped) {
            return 0;
        }
        boolean input = e instanceof InputException;
        String message = e.getMessage() == null ? e.toString() : e.getMessage();
        System.err.println(command.getCommandName() + ": " + (input || e instanceof RunFault ? message : e.getClass().getSimpleName() + ": " + message));
        if (command.getParseResult().hasMatchedOption(TraceOption.NAME)) {
            e.printStackTrace(System.err);
        }
        return input ? 2 : 1;
    }
}
