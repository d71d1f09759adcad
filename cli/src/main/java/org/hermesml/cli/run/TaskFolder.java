package org.hermesml.cli.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A temporary folder for one command; it stays, with the logs in it, where the command failed. */
public final class TaskFolder implements AutoCloseable {
    private final Path path;
    private boolean succeeded;

    private TaskFolder(Path path) {
        this.path = path;
    }

    public static TaskFolder create() throws IOException {
        return new TaskFolder(Files.createTempDirectory("hermes-"));
    }

    public Path path() {
        return path;
    }

    public void succeeded() {
        succeeded = true;
    }

    @Override
    public void close() {
        if (succeeded) {
            RunFiles.delete(path);
        }
    }
}
