package org.hermesml.cli.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.GlobalConfiguration;
import org.apache.flink.configuration.WebOptions;
import org.hermesml.core.InputException;

/** Flink's configuration file, and everything that Flink writes put below one folder. */
final class FlinkFolders {
    /**
     * @throws InputException when there is no {@code config.yaml} in {@code conf} or it cannot be
     *     understood
     */
    static Configuration read(Path conf) {
        Path file = conf.resolve("config.yaml");
        if (!Files.isRegularFile(file)) {
            throw new InputException(
                    "Flink's configuration " + file + " is missing; it comes with Hermes.");
        }
        try {
            return GlobalConfiguration.loadConfiguration(conf.toString());
        } catch (RuntimeException e) {
            throw new InputException(
                    "Flink's configuration " + file + " cannot be read: " + e.getMessage() + ".",
                    e);
        }
    }

    /** {@code base} with all folders below {@code folder}, which are made. */
    static Configuration configure(Configuration base, Path folder) {
        Path top = folder.toAbsolutePath().normalize();
        Configuration conf = new Configuration(base);
        conf.set(
                CheckpointingOptions.CHECKPOINTS_DIRECTORY,
                make(top, "checkpoints").toUri().toString());
        conf.set(
                CheckpointingOptions.SAVEPOINT_DIRECTORY,
                make(top, "savepoints").toUri().toString());
        conf.set(CoreOptions.TMP_DIRS, make(top, "tmp").toString());
        conf.set(WebOptions.TMP_DIR, make(top, "web").toString());
        conf.set(WebOptions.UPLOAD_DIR, make(top, "jars").toString());
        return conf;
    }

    private static Path make(Path top, String name) {
        Path folder = top.resolve(name);
        try {
            return Files.createDirectories(folder);
        } catch (IOException e) {
            throw new InputException(
                    "Flink's folder "
                            + folder
                            + " cannot be made ("
                            + e.getMessage()
                            + "); choose another with --dir.",
                    e);
        }
    }

    private FlinkFolders() {}
}
