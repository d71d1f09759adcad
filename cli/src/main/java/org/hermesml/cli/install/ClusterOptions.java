package org.hermesml.cli.install;

import org.hermesml.cli.local.FlinkRest;
import org.hermesml.cli.local.MasterFile;
import org.hermesml.cli.local.MasterOptions;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options of every command that talks to a Flink cluster; a picocli mixin. */
public final class ClusterOptions {
    @Mixin private MasterOptions options;

    @Option(
            names = "--flink",
            paramLabel = "URL",
            description = "REST address of the Flink cluster (default: the one in master.json).")
    private String flink;

    MasterFile master() {
        return options.master();
    }

    FlinkRest rest() {
        return new FlinkRest(flink == null ? master().flink() : flink);
    }
}
