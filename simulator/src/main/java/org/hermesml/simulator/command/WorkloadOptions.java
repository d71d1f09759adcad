package org.hermesml.simulator.command;

import java.nio.file.Path;
import org.hermesml.core.BuiltIns;
import org.hermesml.simulator.learning.Cores;
import picocli.CommandLine.Option;

/** What is trained on which data, and how this program was started; a picocli mixin. */
final class WorkloadOptions {
    @Option(names = "--dataset", paramLabel = "NAME|PATH")
    private String dataset;

    @Option(names = "--data-dir", paramLabel = "DIR")
    private Path dataDir;

    @Option(names = "--model", paramLabel = "NAME|PATH")
    private String model = BuiltIns.MLP;

    @Option(names = "--end-with-stdin")
    boolean endWithStdin;

    @Option(names = Failures.STACKTRACE)
    private boolean stacktrace;

    /** As it can be typed, for the report. */
    @Option(names = "--command", hidden = true)
    String command = "";

    /** Checks what can be checked without opening it. */
    void check() {
        BuiltIns.requireDataDir(dataDir);
        BuiltIns.requireModel(model);
    }

    /**
     * Opens the data set.
     *
     * @param cores that all runs share
     */
    VirtualRuns open(Cores cores) {
        return VirtualRuns.open(dataset, dataDir, model, cores);
    }
}
