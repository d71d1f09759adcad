package org.hermesml.cli.run;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.hermesml.cli.local.ChildCommand;
import org.hermesml.cli.local.HermesHome;
import org.hermesml.core.InputException;
import org.hermesml.core.TableOptions;
import org.hermesml.core.wire.Topics;

/** How the device program is started: for a worker, an evaluator, and for what is done once. */
public final class EdgeProgram {
    /** Enough for the built-in models; more only lets the heap drift. */
    private static final String DEVICE_HEAP = "128m";

    /** Holds a whole data set at once. */
    private static final String TASK_HEAP = "768m";

    private final Path jar;
    private final Path logs;

    /**
     * @param logs folder of the processes' logs; workers save their state beside it
     * @throws InputException when the program is not built
     */
    public EdgeProgram(HermesHome home, Path logs) {
        this.jar = home.workerJar();
        this.logs = logs;
        if (!Files.isRegularFile(jar)) {
            throw new InputException(
                    "The device program "
                            + jar
                            + " is missing; build it with mvn -DskipTests package.");
        }
    }

    /**
     * @param slowdown factor, at least 1
     */
    public ChildCommand worker(KafkaSite site, String run, String id, double slowdown) {
        return worker(site, run, id, slowdown, Optional.empty());
    }

    /**
     * @param slowdown factor, at least 1
     * @param localData samples of its own
     */
    ChildCommand worker(
            KafkaSite site, String run, String id, double slowdown, Optional<Path> localData) {
        ChildCommand worker =
                device(
                        id,
                        site,
                        "worker",
                        "--once",
                        run,
                        "--slowdown",
                        Double.toString(slowdown),
                        "--state",
                        logs.resolveSibling("state").toString());
        localData.ifPresent(path -> worker.args("--local-data", path.toString()));
        return worker;
    }

    /** A worker that takes part in every run that it is meant to, and keeps nothing. */
    public ChildCommand worker(KafkaSite site, String id) {
        return device(id, site, "worker");
    }

    public ChildCommand evaluator(KafkaSite site, String id) {
        return device(id, site, "evaluator");
    }

    private ChildCommand device(String id, KafkaSite site, String role, String... more) {
        return program(id, DEVICE_HEAP)
                .args(at(site))
                .args("--id", id, "--role", role, "--end-with-stdin")
                .args(more);
    }

    /**
     * @param settings file with all settings of the run
     * @param names of the workers that may take part; empty: any
     * @param label that workers must carry; null: any
     */
    public ChildCommand publish(
            KafkaSite site,
            String run,
            RunChoice choice,
            Path settings,
            List<String> names,
            String label) {
        List<String> args = new ArrayList<>(List.of("publish"));
        args.addAll(at(site));
        args.addAll(
                List.of("--run", run, "--dataset", choice.dataset(), "--model", choice.model()));
        args.addAll(List.of("--settings", settings.toString()));
        if (choice.dataDir() != null) {
            args.addAll(List.of("--data-dir", choice.dataDir().toString()));
        }
        args.addAll(choice.table().arguments());
        names.forEach(name -> args.addAll(List.of("--worker", name)));
        if (label != null) {
            args.addAll(List.of("--label", label));
        }
        args.addAll(choice.more());
        return program("publish", TASK_HEAP).args(args);
    }

    /**
     * @param version -1: the best
     */
    ChildCommand export(KafkaSite site, String run, Path out, long version) {
        List<String> args = new ArrayList<>(List.of("export"));
        args.addAll(at(site));
        args.addAll(List.of("--run", run, "--out", out.toString()));
        if (version >= 0) {
            args.addAll(List.of("--version", Long.toString(version)));
        }
        return program("export", TASK_HEAP).args(args);
    }

    ChildCommand evaluate(
            Path model, String dataset, Path dataDir, String seed, TableOptions table) {
        List<String> args =
                new ArrayList<>(
                        List.of("evaluate", "--model", model.toString(), "--dataset", dataset));
        if (dataDir != null) {
            args.addAll(List.of("--data-dir", dataDir.toString()));
        }
        if (seed != null) {
            args.addAll(List.of("--seed", seed));
        }
        args.addAll(table.arguments());
        return program("evaluate", TASK_HEAP).args(args);
    }

    /**
     * @param dataDir null: not named
     */
    public ChildCommand data(Path dataDir) {
        ChildCommand data = program("data", TASK_HEAP).args("data");
        return dataDir == null ? data : data.args("--data-dir", dataDir.toString());
    }

    private static List<String> at(KafkaSite site) {
        List<String> args = new ArrayList<>(List.of("--bootstrap", site.bootstrap()));
        if (!site.topics().prefix().equals(Topics.DEFAULT_PREFIX)) {
            args.addAll(List.of("--topic-prefix", site.topics().prefix()));
        }
        return args;
    }

    private ChildCommand program(String name, String heap) {
        return ChildCommand.java(name, logs.resolve(name + ".log"))
                .heap(heap)
                // small networks train slower on two threads than on one
                .env("OMP_NUM_THREADS", "1")
                .jar(jar);
    }
}
