package org.hermesml.cli.local;

import java.nio.file.Files;
import java.nio.file.Path;
import org.hermesml.core.InputException;
import picocli.CommandLine.Option;

/** Options of every command that talks to a server side; a picocli mixin. */
public final class MasterOptions {
    @Option(
            names = "--conf",
            paramLabel = "DIR",
            description =
                    "Folder of master.json and config.json (default: conf/ of the installation).")
    private Path conf;

    @Option(
            names = "--bootstrap",
            paramLabel = "HOST:PORT",
            description = "Address of a Kafka broker (default: the one in master.json).")
    private String bootstrap;

    /** Folder of the configuration files. */
    public Path conf() {
        if (conf == null) {
            return HermesHome.find().conf();
        }
        if (!Files.isDirectory(conf)) {
            throw new InputException(
                    "--conf "
                            + conf
                            + " is no folder; name the one that holds "
                            + MasterFile.NAME
                            + ".");
        }
        return conf;
    }

    /** The file's values, with those that were given as options in place of them. */
    public MasterFile master() {
        MasterFile file = MasterFile.read(conf());
        return bootstrap == null
                ? file
                : new MasterFile(bootstrap, file.flink(), file.topicPrefix());
    }
}
