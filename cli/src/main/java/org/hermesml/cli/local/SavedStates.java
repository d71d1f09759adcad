package org.hermesml.cli.local;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.runtime.checkpoint.Checkpoints;
import org.apache.flink.runtime.checkpoint.OperatorState;
import org.apache.flink.runtime.checkpoint.metadata.CheckpointMetadata;
import org.hermesml.core.InputException;
import org.hermesml.job.Uids;

/** Savepoints and retained checkpoints of the job, as they lie in folders of this machine. */
public final class SavedStates {
    private static final String METADATA = "_metadata";

    /** An operator that the job has had from its first release on. */
    private static final String UID = Uids.MERGE;

    /**
     * The newest one, savepoint or checkpoint, in the folders that the cluster's configuration
     * names.
     *
     * @throws InputException when there is none, or the folders are not on this machine
     */
    public static Path newest(Map<String, String> configuration) {
        List<Path> folders = new ArrayList<>();
        for (String key :
                List.of(
                        CheckpointingOptions.CHECKPOINTS_DIRECTORY.key(),
                        CheckpointingOptions.SAVEPOINT_DIRECTORY.key())) {
            local(configuration.getOrDefault(key, "")).ifPresent(folders::add);
        }
        if (folders.isEmpty()) {
            throw new InputException(
                    "The cluster keeps its checkpoints in no folder of this machine; name the one to go on from.");
        }
        return folders.stream()
                .flatMap(folder -> complete(folder).stream())
                .filter(SavedStates::isOurs)
                .max(Comparator.comparing(SavedStates::time))
                .orElseThrow(
                        () ->
                                new InputException(
                                        "There is no checkpoint and no savepoint of the job in "
                                                + folders.get(0)
                                                + (folders.size() > 1
                                                        ? " or " + folders.get(1)
                                                        : "")
                                                + "; start it from the beginning with ./hermes submit."));
    }

    /**
     * What Flink takes to go on from {@code named}; checked where it lies on this machine.
     *
     * @param named folder, or URI of one
     * @throws InputException when it is no savepoint or checkpoint of the job
     */
    public static String checked(String named) {
        Optional<Path> folder = named.contains(":/") ? local(named) : Optional.of(Path.of(named));
        if (folder.isEmpty()) {
            return named;
        }
        Path path = folder.get().toAbsolutePath().normalize();
        if (path.endsWith(METADATA)) {
            path = path.getParent();
        }
        if (!Files.isRegularFile(path.resolve(METADATA))) {
            throw new InputException(
                    path
                            + " is no savepoint: there is no file "
                            + METADATA
                            + " in it; name the folder that ./hermes savepoint printed, or take the newest with --latest.");
        }
        try {
            if (!isOfJob(path)) {
                throw new InputException(
                        path + " is a savepoint of another job than that of Hermes; name another.");
            }
        } catch (IOException | IllegalArgumentException | IllegalStateException e) {
            throw new InputException(
                    path
                            + " is no savepoint that this release can read ("
                            + e.getMessage()
                            + "); resume it with the release that wrote it, or name another.",
                    e);
        }
        return path.toUri().toString();
    }

    private static boolean isOurs(Path folder) {
        try {
            return isOfJob(folder);
        } catch (IOException | IllegalArgumentException | IllegalStateException e) {
            return false;
        }
    }

    /** Whether its metadata, which is written last, can be read to the end. */
    static boolean isWhole(Path folder) {
        try {
            metadata(folder);
            return true;
        } catch (IOException | IllegalArgumentException | IllegalStateException e) {
            return false;
        }
    }

    private static boolean isOfJob(Path folder) throws IOException {
        return metadata(folder).getOperatorStates().stream()
                .map(OperatorState::getOperatorUid)
                .flatMap(Optional::stream)
                .anyMatch(UID::equals);
    }

    private static CheckpointMetadata metadata(Path folder) throws IOException {
        try (DataInputStream in =
                new DataInputStream(
                        new BufferedInputStream(Files.newInputStream(folder.resolve(METADATA))))) {
            return Checkpoints.loadCheckpointMetadata(
                    in, SavedStates.class.getClassLoader(), folder.toString());
        }
    }

    /** Those whose metadata, which is written last, is there; at most two folders below. */
    private static List<Path> complete(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> found = Files.walk(folder, 3)) {
            return found.filter(path -> path.endsWith(METADATA) && Files.isRegularFile(path))
                    .map(Path::getParent)
                    .toList();
        } catch (IOException | UncheckedIOException e) {
            throw new InputException(
                    "The folder " + folder + " cannot be read: " + e.getMessage() + ".", e);
        }
    }

    private static FileTime time(Path folder) {
        try {
            return Files.getLastModifiedTime(folder.resolve(METADATA));
        } catch (IOException e) {
            // removed in this moment, as checkpoints are while a job runs
            return FileTime.fromMillis(0);
        }
    }

    private static Optional<Path> local(String uri) {
        if (!uri.startsWith("file:")) {
            return Optional.empty();
        }
        return Optional.of(Path.of(URI.create(uri).getPath()));
    }

    private SavedStates() {}
}
