package org.hermesml.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import org.hermesml.cli.chaos.ChaosCommand;
import org.hermesml.cli.data.DataCommand;
import org.hermesml.cli.explain.ExplainCommand;
import org.hermesml.cli.install.BrokerCommand;
import org.hermesml.cli.install.ClusterCommand;
import org.hermesml.cli.install.ResumeCommand;
import org.hermesml.cli.install.SavepointCommand;
import org.hermesml.cli.install.SubmitCommand;
import org.hermesml.cli.pack.PackageCommand;
import org.hermesml.cli.replay.ReplayCommand;
import org.hermesml.cli.run.DeleteCommand;
import org.hermesml.cli.run.EvaluateCommand;
import org.hermesml.cli.run.ExportCommand;
import org.hermesml.cli.run.RunsCommand;
import org.hermesml.cli.run.StartCommand;
import org.hermesml.cli.run.StopCommand;
import org.hermesml.cli.run.TrainCommand;
import org.hermesml.cli.run.WatchCommand;
import org.hermesml.cli.simulate.AblateCommand;
import org.hermesml.cli.simulate.BenchCommand;
import org.hermesml.cli.simulate.SimulateCommand;
import org.hermesml.cli.soak.SoakCommand;
import org.hermesml.core.InputException;
import org.hermesml.core.NearestName;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The {@code hermes} command. Exit codes: 0 done, 1 failed, 2 bad input. */
@Command(
        name = "hermes",
        description = "Trains one model on many unequal devices.",
        version = "Hermes 0.1.0-SNAPSHOT",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            TrainCommand.class,
            ExplainCommand.class,
            BrokerCommand.class,
            ClusterCommand.class,
            SubmitCommand.class,
            SavepointCommand.class,
            ResumeCommand.class,
            StartCommand.class,
            RunsCommand.class,
            WatchCommand.class,
            StopCommand.class,
            DeleteCommand.class,
            ExportCommand.class,
            EvaluateCommand.class,
            ReplayCommand.class,
            ChaosCommand.class,
            SoakCommand.class,
            SimulateCommand.class,
            AblateCommand.class,
            BenchCommand.class,
            PackageCommand.class,
            DataCommand.class,
        })
public final class HermesCommand implements Runnable {
    private static final int FAILED = 1;
    private static final int BAD_INPUT = 2;

    @Spec private CommandSpec spec;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "Show what a command does and takes.")
    private boolean help;

    @Option(names = "--version", versionHelp = true, description = "Show the version.")
    private boolean version;

    @Option(
            names = "--stacktrace",
            scope = ScopeType.INHERIT,
            description = "Show where an error came from.")
    private boolean stacktrace;

    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    /** The whole command, ready to execute; tests use it as the launcher does. */
    public static CommandLine commandLine() {
        HermesCommand root = new HermesCommand();
        CommandLine line = new CommandLine(root);
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setUsageHelpAutoWidth(true);
        line.setExecutionExceptionHandler(root::failed);
        line.setParameterExceptionHandler(HermesCommand::misused);
        return line;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "No command given");
    }

    private int failed(Exception e, CommandLine line, ParseResult parsed) {
        PrintWriter err = line.getErr();
        boolean input = e instanceof InputException;
        err.println("hermes: " + (e.getMessage() == null ? "failed with " + e : e.getMessage()));
        if (stacktrace) {
            e.printStackTrace(err);
        } else if (!input && !(e instanceof IllegalStateException)) {
            err.println("        (" + e.getClass().getSimpleName() + "; --stacktrace shows where)");
        }
        err.flush();
        return input ? BAD_INPUT : FAILED;
    }

    private static int misused(ParameterException e, String[] args) {
        CommandLine line = e.getCommandLine();
        if (e.getCause() instanceof InputException fault) {
            line.getErr().println("hermes: " + fault.getMessage());
            return BAD_INPUT;
        }
        String message = e.getMessage().strip();
        String near = "";
        if (e instanceof UnmatchedArgumentException unmatched) {
            String word = unmatched.getUnmatched().get(0);
            message = (word.startsWith("-") ? "Unknown option '" : "Unexpected '") + word + "'";
            near = NearestName.near(word, names(line.getCommandSpec())).orElse("");
        }
        line.getErr()
                .println(
                        "hermes: "
                                + (message.endsWith(".")
                                        ? message.substring(0, message.length() - 1)
                                        : message)
                                + (near.isEmpty() ? "" : ", did you mean '" + near + "'?")
                                + (near.isEmpty() ? "; '" : " '")
                                + line.getCommandSpec().qualifiedName()
                                + " --help' shows what is allowed.");
        return BAD_INPUT;
    }

    /** What may stand in a command line at this place. */
    private static List<String> names(CommandSpec command) {
        List<String> names = new ArrayList<>(command.subcommands().keySet());
        names.addAll(command.optionsMap().keySet());
        return names;
    }
}
