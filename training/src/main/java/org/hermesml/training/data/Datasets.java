package org.hermesml.training.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.hermesml.core.BuiltIns;
import org.hermesml.core.DataFolders;
import org.hermesml.core.InputException;
import org.hermesml.core.TableOptions;

/** Finds a data set by name, folder or file. */
public final class Datasets {
    /** Names a folder that holds data sets, or one. */
    public static final String FOLDER_VARIABLE = DataFolders.VARIABLE;

    /** As {@link #open(String, Path, long, TableOptions)}, with a table read as by default. */
    public static Dataset open(String nameOrPath, Path dataDir, long seed) {
        return open(nameOrPath, dataDir, seed, TableOptions.DEFAULT);
    }

    /**
     * Opens {@code digits} (made from {@code seed}), {@code mnist}, {@code fashion-mnist}, {@code
     * cifar-10}, a folder that holds four IDX files or the binary batches of CIFAR-10, a {@code
     * .npz} file, or a CSV file (split by {@code seed}).
     *
     * @param dataDir where a named data set lies, or a folder above it; null: only the folders of
     *     {@link DataFolders} are searched
     * @throws InputException when there is none, or a file of it is faulty
     */
    public static Dataset open(String nameOrPath, Path dataDir, long seed, TableOptions table) {
        return open(nameOrPath, DataFolders.of(dataDir), seed, table);
    }

    static Dataset open(String nameOrPath, DataFolders above, long seed, TableOptions table) {
        if (nameOrPath.equals(BuiltIns.DIGITS)) {
            return Digits.make(seed);
        }
        List<Path> places = places(nameOrPath, above);
        for (Path place : places) {
            if (Files.isRegularFile(place)) {
                return SampleFile.open(nameOf(nameOrPath), place, table, seed);
            }
            Optional<Dataset> found = inFolder(nameOrPath, place);
            if (found.isPresent()) {
                return found.get();
            }
        }
        throw notFound(nameOrPath, places);
    }

    /** The folder or file that {@link #open} would take; empty where there is none. */
    public static Optional<Path> find(String nameOrPath, DataFolders above) {
        return places(nameOrPath, above).stream()
                .filter(
                        place ->
                                Files.isRegularFile(place)
                                        || isIdx(nameOrPath, place)
                                        || isCifar(nameOrPath, place))
                .findFirst();
    }

    /** Where to look, in this order. */
    private static List<Path> places(String nameOrPath, DataFolders above) {
        Set<Path> places = new LinkedHashSet<>();
        if (!isNamed(nameOrPath)) {
            places.add(Path.of(nameOrPath));
        }
        for (Path folder : above.inOrder()) {
            places.add(folder.resolve(nameOrPath));
            if (!isNamed(nameOrPath)) {
                // a path of its own must not turn out to be whatever set lies above it
                continue;
            }
            String last = String.valueOf(folder.toAbsolutePath().normalize().getFileName());
            boolean another =
                    BuiltIns.FASHION_MNIST.equals(nameOrPath) || BuiltIns.DATASETS.contains(last);
            // the files of MNIST and Fashion-MNIST have the same names: only their folder tells
            if (!another || last.equals(nameOrPath)) {
                places.add(folder);
            }
        }
        return new ArrayList<>(places);
    }

    private static boolean isNamed(String nameOrPath) {
        return BuiltIns.DATASETS.contains(nameOrPath);
    }

    private static Optional<Dataset> inFolder(String nameOrPath, Path folder) {
        if (isIdx(nameOrPath, folder)) {
            return Optional.of(IdxFolder.open(nameOf(nameOrPath), folder));
        }
        return isCifar(nameOrPath, folder)
                ? Optional.of(CifarFolder.open(nameOf(nameOrPath), folder))
                : Optional.empty();
    }

    private static boolean isIdx(String nameOrPath, Path folder) {
        return !nameOrPath.equals(BuiltIns.CIFAR_10) && IdxFolder.looksLikeOne(folder);
    }

    private static boolean isCifar(String nameOrPath, Path folder) {
        return (!isNamed(nameOrPath) || nameOrPath.equals(BuiltIns.CIFAR_10))
                && CifarFolder.looksLikeOne(folder);
    }

    private static InputException notFound(String nameOrPath, List<Path> places) {
        boolean named = isNamed(nameOrPath);
        String where =
                places.isEmpty()
                        ? "no folder was named"
                        : places.stream()
                                .map(
                                        place ->
                                                place
                                                        + (Files.isDirectory(place)
                                                                ? ""
                                                                : " (no such folder)"))
                                .collect(Collectors.joining(", "));
        return new InputException(
                "Data set "
                        + (named ? nameOrPath : "'" + nameOrPath + "'")
                        + " was not found (looked in: "
                        + where
                        + "): "
                        + (named ? "fetch it with 'hermes data fetch " + nameOrPath + "', " : "")
                        + "use 'digits', which needs no files, or name a folder by --data-dir or "
                        + FOLDER_VARIABLE
                        + " that holds "
                        + files(nameOrPath)
                        + ", each plain or with .gz behind its name"
                        + (named ? "." : "; or name a .npz or CSV file."));
    }

    private static String files(String nameOrPath) {
        String idx = String.join(", ", IdxFolder.FILES);
        return switch (nameOrPath) {
            case BuiltIns.MNIST, BuiltIns.FASHION_MNIST -> idx;
            case BuiltIns.CIFAR_10 -> CifarFolder.FILES;
            default -> idx + ", or " + CifarFolder.FILES;
        };
    }

    static String nameOf(String nameOrPath) {
        Path last = Path.of(nameOrPath).toAbsolutePath().normalize().getFileName();
        return last == null ? nameOrPath : last.toString();
    }

    private Datasets() {}
}
