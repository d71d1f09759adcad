package org.hermesml.edge;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.hermesml.edge.command.DataList;
import org.hermesml.edge.command.Evaluate;
import org.hermesml.edge.command.Export;
import org.hermesml.edge.command.Publish;
import org.hermesml.training.data.LocalSamples;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The program of a device. Without a subcommand it trains or scores until it is stopped. */
@Command(
        name = "hermes-edge-worker",
        mixinStandardHelpOptions = true,
        versionProvider = EdgeWorker.Version.class,
        subcommands = {Publish.class, Export.class, Evaluate.class, DataList.class},
        description = {
            "Takes part in training runs as a worker, or scores them as an evaluator.",
            "Start it as: java -Xmx128m -XX:+UseSerialGC -jar hermes-edge-worker.jar --bootstrap HOST:9092 --id pi-3"
        })
public final class EdgeWorker implements Callable<Integer> {
    enum Role {
        worker,
        evaluator
    }

    @Spec private CommandSpec spec;

    @Mixin private BrokerOptions broker;

    @Mixin private TraceOption trace;

    @Option(
            names = "--id",
            paramLabel = "NAME",
            description =
                    "This device's name, unique among all; letters, digits, '-', '_' and '.'.")
    private String id;

    @Option(
            names = "--role",
            defaultValue = "worker",
            description = "${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}.")
    private Role role;

    @Option(
            names = "--label",
            defaultValue = "",
            description = "For runs that choose their workers by label.")
    private String label;

    @Option(
            names = "--data-memory",
            defaultValue = "64m",
            paramLabel = "SIZE",
            description =
                    "Most memory for training samples, such as 64m; default ${DEFAULT-VALUE}.")
    private String dataMemory;

    @Option(
            names = "--threads",
            defaultValue = "1",
            description = "Threads that train; default ${DEFAULT-VALUE}.")
    private int threads;

    @Option(
            names = "--slowdown",
            defaultValue = "1",
            paramLabel = "FACTOR",
            description =
                    "Stands for a device that is slower by this factor; default ${DEFAULT-VALUE}.")
    private double slowdown;

    @Option(
            names = "--once",
            defaultValue = "",
            paramLabel = "RUN",
            description = "Take part in this run only, then end.")
    private String once;

    @Option(
            names = "--state",
            paramLabel = "DIR",
            description = {
                "Where a worker saves its weights and its gate's window to go on after a restart;",
                "default: hermes/state in the user's cache folder. One file for each run, removed",
                "when that is over."
            })
    private Path state;

    @Option(
            names = "--local-data",
            paramLabel = "PATH",
            description = {
                "This device's own training samples: a folder of IDX files or CIFAR-10 batches, a .npz",
                "or a CSV file. It trains on these alone, and none of them leaves it."
            })
    private Path localData;

    @Option(
            names = "--end-with-stdin",
            description = "End when standard input does: a child that never outlives its parent.")
    private boolean endWithStdin;

    public static void main(String[] args) {
        System.exit(run(args));
    }

    /**
     * Runs the command line and returns its exit code: 0, 1 for a run that failed, 2 for bad input.
     */
    public static int run(String... args) {
        Failures failures = new Failures();
        return new CommandLine(new EdgeWorker())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler(failures)
                .setParameterExceptionHandler(failures)
                .execute(args);
    }

    @Override
    public Integer call() throws InterruptedException {
        if (id == null || !id.matches("[A-Za-z0-9._-]{1,100}")) {
            throw new ParameterException(
                    spec.commandLine(),
                    id == null
                            ? "Missing --id NAME: every device needs a name of its own."
                            : "--id '"
                                    + id
                                    + "' is not allowed: up to 100 letters, digits, '-', '_' and '.'.");
        }
        if (threads < 1 || !(slowdown >= 1)) {
            throw new ParameterException(
                    spec.commandLine(), "--threads and --slowdown must be at least 1.");
        }
        if (localData != null) {
            if (role == Role.evaluator) {
                throw new ParameterException(
                        spec.commandLine(),
                        "--local-data is for workers: an evaluator trains on nothing.");
            }
            LocalSamples.requireSome(localData);
        }
        DeviceSettings device =
                new DeviceSettings(
                        id,
                        label,
                        MemorySize.parse("--data-memory", dataMemory),
                        threads,
                        slowdown,
                        once,
                        state == null ? StateFolder.byDefault() : state,
                        localData);
        return new DeviceProcess(device, broker.connection(), role == Role.evaluator, endWithStdin)
                .run();
    }

    /** From the jar's manifest. */
    static final class Version implements CommandLine.IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = EdgeWorker.class.getPackage().getImplementationVersion();
            return new String[] {
                "hermes-edge-worker " + (version == null ? "(unpacked)" : version)
            };
        }
    }
}
