package org.hermesml.cli.local;

import java.nio.file.Path;
import java.util.List;

/** {@code conf/config.json}: the workers that may take part in a run. */
public final class WorkersFile {
    public static final String NAME = "config.json";

    /**
     * Names of the workers; empty means anyone.
     *
     * @throws org.hermesml.core.InputException naming the file and what is wrong in it
     */
    public static List<String> read(Path conf) {
        return JsonFile.read(conf.resolve(NAME), List.of("workers")).texts("workers");
    }

    private WorkersFile() {}
}
