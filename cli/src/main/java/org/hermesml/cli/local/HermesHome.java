package org.hermesml.cli.local;

import java.nio.file.Files;
import java.nio.file.Path;
import org.hermesml.core.InputException;

/**
 * Where Hermes is installed and what lies where in it.
 *
 * @param root the folder of the launcher script
 */
public record HermesHome(Path root) {
    /** System property that the launcher sets. */
    public static final String PROPERTY = "hermes.home";

    /**
     * The folder that the launcher named, else the nearest one upwards from the working directory
     * that holds {@code flink-conf}.
     *
     * @throws InputException when there is none
     */
    public static HermesHome find() {
        String named = System.getProperty(PROPERTY, "");
        if (!named.isEmpty()) {
            return new HermesHome(Path.of(named).toAbsolutePath().normalize());
        }
        for (Path dir = Path.of("").toAbsolutePath(); dir != null; dir = dir.getParent()) {
            if (Files.isRegularFile(dir.resolve("flink-conf").resolve("config.yaml"))) {
                return new HermesHome(dir);
            }
        }
        throw new InputException(
                "No installation of Hermes found at or above "
                        + Path.of("").toAbsolutePath()
                        + "; start with its launcher script, or set -D"
                        + PROPERTY
                        + "=FOLDER.");
    }

    /** The folder of {@code settings.json}, {@code master.json} and {@code config.json}. */
    public Path conf() {
        return root.resolve("conf");
    }

    /** The folder of a Flink cluster's {@code config.yaml} and logging settings. */
    public Path flinkConf() {
        return root.resolve("flink-conf");
    }

    /** The jars of a Flink cluster. */
    public Path flinkLib() {
        return root.resolve("cli/target/flink/lib");
    }

    public Path jobJar() {
        return root.resolve("job/target/hermes-job.jar");
    }

    public Path workerJar() {
        return root.resolve("edge-worker/target/hermes-edge-worker.jar");
    }

    /** The PyTorch engine, found by {@link #workerJar} beside itself. */
    public Path pytorchJar() {
        return root.resolve("edge-worker/target/hermes-pytorch.jar");
    }

    /** Runs with {@link #workerJar} behind it on the class path. */
    public Path simulatorJar() {
        return root.resolve("simulator/target/hermes-simulator.jar");
    }

    /** Likewise. */
    public Path benchmarksJar() {
        return root.resolve("benchmarks/target/hermes-benchmarks.jar");
    }

    /** Where broker and cluster keep their data unless told otherwise. */
    public Path state() {
        return root.resolve(".hermes");
    }

    public Path runs() {
        return root.resolve("runs");
    }
}
