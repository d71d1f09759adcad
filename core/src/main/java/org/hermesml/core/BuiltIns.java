package org.hermesml.core;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What people may name in place of a file or folder: known here to whoever only checks what was
 * named.
 */
public final class BuiltIns {
    public static final String DIGITS = "digits";
    public static final String MNIST = "mnist";
    public static final String FASHION_MNIST = "fashion-mnist";
    public static final String CIFAR_10 = "cifar-10";

    /** Data sets, the usual one first. */
    public static final List<String> DATASETS = List.of(DIGITS, MNIST, FASHION_MNIST, CIFAR_10);

    public static final String MLP = "mlp";
    public static final String CNN = "cnn";
    public static final String ALEXNET = "alexnet";

    /** Models, the usual one first. */
    public static final List<String> MODELS = List.of(MLP, CNN, ALEXNET);

    /**
     * Checks option {@code --model} before anything is opened.
     *
     * @throws InputException when it is neither built in nor a file
     */
    public static void requireModel(String nameOrPath) {
        if (!MODELS.contains(nameOrPath) && !Files.isRegularFile(Path.of(nameOrPath))) {
            throw new InputException(
                    "--model '"
                            + nameOrPath
                            + "' is neither "
                            + String.join(", nor ", MODELS)
                            + ", nor a file; name one of these, or the file of a Keras 2 (.h5) or DL4J model (ModelSerializer zip).");
        }
    }

    /**
     * Checks option {@code --dataset} before anything is opened.
     *
     * @param folders in which a name or path may lie, too
     * @throws InputException when there is nothing of this name
     */
    public static void requireDataset(String nameOrPath, DataFolders folders) {
        boolean there =
                DATASETS.contains(nameOrPath)
                        || Files.exists(Path.of(nameOrPath))
                        || folders.inOrder().stream()
                                .anyMatch(above -> Files.exists(above.resolve(nameOrPath)));
        if (!there) {
            throw new InputException(
                    "--dataset '"
                            + nameOrPath
                            + "' is neither "
                            + String.join(", nor ", DATASETS)
                            + ", nor a folder or file; name one of these, or the folder above it with --data-dir.");
        }
    }

    /**
     * Checks option {@code --data-dir}.
     *
     * @param dataDir null: not given
     * @throws InputException when it is no folder
     */
    public static void requireDataDir(Path dataDir) {
        if (dataDir != null && !Files.isDirectory(dataDir)) {
            throw new InputException(
                    "--data-dir "
                            + dataDir
                            + " is no folder; name the one that holds the data set's files.");
        }
    }

    private BuiltIns() {}
}
