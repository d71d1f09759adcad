package org.hermesml.core;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Where data sets are looked for, each in a folder of its name or right there. One place for the
 * three that have to agree: who opens a set, who lists them, and who fetches one.
 *
 * @param named option {@code --data-dir}; null: not given
 * @param variable environment variable {@value #VARIABLE}; null: not set
 * @param fetched where sets are fetched to where the variable is not set; null: nowhere
 */
public record DataFolders(Path named, Path variable, Path fetched) {
    public static final String VARIABLE = "HERMES_DATA";

    /** Of this process. */
    public static DataFolders of(Path named) {
        String variable = System.getenv(VARIABLE);
        return new DataFolders(
                named,
                variable == null || variable.isBlank() ? null : Path.of(variable),
                UserCache.folder("data"));
    }

    /** The first one that has a set is taken. */
    public List<Path> inOrder() {
        return Stream.of(named, variable, fetched).filter(Objects::nonNull).distinct().toList();
    }

    /** Takes a set that is fetched, in a folder of its name. */
    public Path toFetchTo() {
        return Stream.of(variable, fetched)
                .filter(Objects::nonNull)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("No folder for fetched data"));
    }
}
