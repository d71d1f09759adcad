package org.hermesml.training.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.hermesml.core.BuiltIns;
import org.hermesml.core.InputException;

/** Finds a data set by name or folder. */
public final class Datasets {
    /** Names a folder that holds data sets, or one. */
    public static final String FOLDER_VARIABLE = "HERMES_DATA";

    /**
     * Opens {@code digits} (made from {@code seed}), {@code mnist}, {@code cifar-10}, or a folder
     * that holds four IDX files or the binary batches of CIFAR-10.
     *
     * @param dataDir where a named data set lies, or a folder above it; null: only {@value
     *     #FOLDER_VARIABLE} is searched
     * @throws InputException when there is none, or a file of it is faulty
     */
    public static Dataset open(String nameOrPath, Path dataDir, long seed) {
        String variable = System.getenv(FOLDER_VARIABLE);
        return open(
                nameOrPath,
                dataDir,
                seed,
                variable == null || variable.isBlank() ? null : Path.of(variable));
    }

    static Dataset open(String nameOrPath, Path dataDir, long seed, Path variable) {
        if (nameOrPath.equals(BuiltIns.DIGITS)) {
            return Digits.make(seed);
        }
        Set<Path> folders = new LinkedHashSet<>();
        boolean named = BuiltIns.DATASETS.contains(nameOrPath);
        if (!named) {
            folders.add(Path.of(nameOrPath));
        }
        for (Path above : new Path[] {dataDir, variable}) {
            if (above != null) {
                folders.add(above.resolve(nameOrPath));
                folders.add(above);
            }
        }
        for (Path folder : folders) {
            if (!nameOrPath.equals(BuiltIns.CIFAR_10) && IdxFolder.looksLikeOne(folder)) {
                return IdxFolder.open(nameOf(nameOrPath), folder);
            }
            if (!nameOrPath.equals(BuiltIns.MNIST) && CifarFolder.looksLikeOne(folder)) {
                return CifarFolder.open(nameOf(nameOrPath), folder);
            }
        }
        String asked = named ? nameOrPath : "'" + nameOrPath + "'";
        String where =
                folders.isEmpty()
                        ? "no folder was named"
                        : folders.stream()
                                .map(
                                        folder ->
                                                folder
                                                        + (Files.isDirectory(folder)
                                                                ? ""
                                                                : " (no such folder)"))
                                .collect(Collectors.joining(", "));
        throw new InputException(
                "Data set "
                        + asked
                        + " was not found (looked in: "
                        + where
                        + "): use 'digits', which needs no files, or name a folder by --data-dir or "
                        + FOLDER_VARIABLE
                        + " that holds "
                        + files(nameOrPath)
                        + ", each plain or with .gz behind its name.");
    }

    private static String files(String nameOrPath) {
        String idx = String.join(", ", IdxFolder.FILES);
        return switch (nameOrPath) {
            case BuiltIns.MNIST -> idx;
            case BuiltIns.CIFAR_10 -> CifarFolder.FILES;
            default -> idx + ", or " + CifarFolder.FILES;
        };
    }

    private static String nameOf(String nameOrPath) {
        Path last = Path.of(nameOrPath).toAbsolutePath().normalize().getFileName();
        return last == null ? nameOrPath : last.toString();
    }

    private Datasets() {}
}
