package org.hermesml.cli.run;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.hermesml.cli.SettingsOptions;
import org.hermesml.core.BuiltIns;
import org.hermesml.core.DataFolders;
import org.hermesml.core.InputException;
import org.hermesml.core.settings.Setting;
import org.hermesml.core.settings.Settings;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * What to train on which data and how: the options that every way of starting a run shares; a
 * picocli mixin.
 */
public final class RunOptions {
    @Mixin private SettingsOptions settingsOptions;

    @Option(
            names = "--dataset",
            paramLabel = "NAME|PATH",
            defaultValue = BuiltIns.DIGITS,
            description =
                    "digits (built in), mnist, fashion-mnist, cifar-10, a folder with the files of one, gzip or not,"
                            + " a .npz file, or a CSV file (default: digits).")
    private String dataset;

    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            description =
                    "Folder in which a named data set lies (default: environment variable HERMES_DATA, then where"
                            + " hermes data fetch puts them).")
    private Path dataDir;

    @Option(
            names = "--model",
            paramLabel = "NAME|PATH",
            defaultValue = BuiltIns.MLP,
            description =
                    "mlp, cnn, alexnet, or a file: Keras 2 .h5, DL4J zip, TorchScript .pt (default: mlp).")
    private String model;

    @Option(
            names = "--target-accuracy",
            paramLabel = "A",
            description =
                    "Held-out accuracy that ends the run, such as 0.97 (setting target_accuracy).")
    private String targetAccuracy;

    @Option(
            names = "--max-time",
            paramLabel = "DURATION",
            description = "Time after which the run ends, such as 10m (setting max_time).")
    private String maxTime;

    @Option(
            names = "--seed",
            paramLabel = "S",
            description = "Of everything random in the run (setting seed).")
    private String seed;

    @Option(
            names = "--partition",
            paramLabel = "KIND",
            description =
                    "How classes are spread over the workers: iid, labels, or dirichlet with its alpha, such as"
                            + " dirichlet:0.5 (settings partition and dirichlet_alpha).")
    private String partition;

    @Mixin private TableArguments table;

    @Option(
            names = "--loss",
            paramLabel = "LOSS",
            description =
                    "Loss of a Keras model in place of its own, such as categorical_crossentropy or mean_squared_error.")
    private String loss;

    @Option(
            names = "--learning-rate",
            paramLabel = "R",
            description =
                    "Learning rate, also in place of the one in a model's file (setting learning_rate).")
    private String learningRate;

    /**
     * Checks what can be checked before anything is started.
     *
     * @throws InputException naming the option that is wrong
     */
    public RunChoice choice() {
        Map<String, String> own = new LinkedHashMap<>();
        put(own, Settings.TARGET_ACCURACY, targetAccuracy);
        put(own, Settings.MAX_TIME, maxTime);
        put(own, Settings.SEED, seed);
        if (partition != null) {
            int colon = partition.indexOf(':');
            put(own, Settings.PARTITION, colon < 0 ? partition : partition.substring(0, colon));
            put(own, Settings.DIRICHLET_ALPHA, colon < 0 ? null : alpha(colon));
        }
        put(own, Settings.LEARNING_RATE, learningRate);
        Settings settings = settingsOptions.settings(own);
        BuiltIns.requireDataDir(dataDir);
        BuiltIns.requireDataset(dataset, DataFolders.of(dataDir));
        BuiltIns.requireModel(model);
        return new RunChoice(dataset, dataDir, table.options(), model, settings, more());
    }

    private String alpha(int colon) {
        if (!partition.startsWith("dirichlet:")) {
            throw new InputException(
                    "--partition "
                            + partition
                            + " is not allowed: only dirichlet takes a number, such as dirichlet:0.5.");
        }
        return partition.substring(colon + 1);
    }

    /** What the settings of a run do not say, since it is of the model's file only. */
    private List<String> more() {
        List<String> more = new ArrayList<>();
        if (loss != null) {
            more.addAll(List.of("--loss", loss));
        }
        if (learningRate != null) {
            more.addAll(List.of("--learning-rate", learningRate));
        }
        return more;
    }

    private static void put(Map<String, String> own, Setting<?> setting, String text) {
        if (text != null) {
            own.put(setting.key(), text);
        }
    }
}
