package org.hermesml.cli.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.util.FileUtils;
import org.hermesml.core.InputException;

/**
 * What a standalone JobManager does not do itself: its job goes on after its death. Whoever submits
 * notes the job in the cluster's folder; the supervisor submits it again from its newest retained
 * checkpoint.
 */
final class JobRecovery {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path dir;

    /** Earlier lives of the job, whose checkpoints the present one may have been begun from. */
    private final Set<String> outlived = new HashSet<>();

    JobRecovery(Path dir) {
        this.dir = dir;
    }

    /** The folder of the cluster behind {@code rest}, when it is one of ours on this machine. */
    static Optional<JobRecovery> of(FlinkRest rest) {
        return Optional.ofNullable(rest.configuration().get("web.upload.dir"))
                .map(uploads -> Path.of(uploads).getParent())
                .filter(dir -> new ClusterFolder(dir).process(ClusterFolder.SUPERVISOR).isPresent())
                .map(JobRecovery::new);
    }

    /**
     * From now on {@code job} goes on after the JobManager's death; an earlier note is replaced.
     *
     * @param from where it went on from itself, for as long as it has no checkpoint of its own
     */
    void note(JobStart start, String job, Optional<String> from) {
        ObjectNode note = JSON.createObjectNode();
        note.put("job", job)
                .put("mainClass", start.mainClass())
                .put("parallelism", start.parallelism())
                .put("jar", dir.resolve("submitted.jar").toString());
        from.ifPresent(path -> note.put("from", path));
        start.args().forEach(note.putArray("args")::add);
        try {
            if (!start.jar().equals(dir.resolve("submitted.jar"))) {
                Files.copy(
                        start.jar(),
                        dir.resolve("submitted.jar"),
                        StandardCopyOption.REPLACE_EXISTING);
            }
            Path unfinished =
                    Files.writeString(dir.resolve("submitted.json.new"), note.toPrettyString());
            Files.move(
                    unfinished,
                    file(),
                    StandardCopyOption.REPLACE_EXISTING,
                    StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "Cannot note the job in " + dir + ": " + e.getMessage(), e);
        }
    }

    void forget() {
        try {
            Files.deleteIfExists(file());
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot remove " + file() + ": " + e.getMessage(), e);
        }
    }

    /**
     * A job that somebody cancelled, or that ended, shall stay so. Silence of the cluster proves
     * nothing.
     */
    void forgetEnded(FlinkRest rest) {
        try {
            JsonNode note = read();
            if (note != null && isOver(rest.state(note.path("job").asText()))) {
                forget();
            }
        } catch (InputException | FlinkRefusal unknown) {
            // No answer, or a JobManager that does not know the job: one that was started anew.
        }
    }

    /** One that is suspended has lost its JobManager, and is to go on. */
    private static boolean isOver(String state) {
        return JobStatus.valueOf(state).isGloballyTerminalState();
    }

    /**
     * Submits the noted job again unless the cluster runs it, and says what was done; nothing when
     * there was nothing to do.
     *
     * @throws InputException when the cluster does not answer yet
     * @throws IllegalStateException when the job does not come to run
     */
    Optional<String> resume(FlinkRest rest) {
        JsonNode note = read();
        if (note == null) {
            return Optional.empty();
        }
        String before = note.path("job").asText();
        if (rest.jobs().stream().anyMatch(job -> job.id().equals(before))) {
            return Optional.empty();
        }
        List<String> args = new ArrayList<>();
        note.path("args").forEach(arg -> args.add(arg.asText()));
        JobStart start =
                new JobStart(
                        Path.of(note.path("jar").asText()),
                        note.path("mainClass").asText(),
                        args,
                        note.path("parallelism").asInt());
        Optional<String> from =
                newestCheckpoint(before)
                        .map(path -> path.toUri().toString())
                        .or(() -> Optional.ofNullable(note.path("from").textValue()));
        String job = start.on(rest, from);
        note(start, job, from);
        outlived.add(before);
        return Optional.of(
                "job " + before + " goes on as " + job + " from " + from.orElse("the beginning"));
    }

    /**
     * Removes the checkpoints of the job's life before, once the present one has one of its own and
     * needs them no more: else each death of a JobManager would leave some for ever.
     */
    Optional<String> clean(FlinkRest rest) {
        JsonNode note = outlived.isEmpty() ? null : read();
        if (note == null
                || rest.checkpoints(note.path("job").asText()).at("/counts/completed").asInt()
                        == 0) {
            return Optional.empty();
        }
        for (String gone : outlived) {
            FileUtils.deleteDirectoryQuietly(dir.resolve("checkpoints").resolve(gone).toFile());
        }
        String removed = "checkpoints of " + String.join(", ", outlived) + " removed";
        outlived.clear();
        return Optional.of(removed);
    }

    private Optional<Path> newestCheckpoint(String job) {
        Path checkpoints = dir.resolve("checkpoints").resolve(job);
        if (!Files.isDirectory(checkpoints)) {
            return Optional.empty();
        }
        // The newest may be half written: its JobManager was killed.
        try (Stream<Path> found = Files.list(checkpoints)) {
            return found.filter(path -> path.getFileName().toString().startsWith("chk-"))
                    .sorted(Comparator.comparingLong(JobRecovery::number).reversed())
                    .filter(SavedStates::isWhole)
                    .findFirst();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot list " + checkpoints + ": " + e.getMessage(), e);
        }
    }

    private static long number(Path checkpoint) {
        return Long.parseLong(checkpoint.getFileName().toString().substring("chk-".length()));
    }

    private Path file() {
        return dir.resolve("submitted.json");
    }

    private JsonNode read() {
        if (!Files.isRegularFile(file())) {
            return null;
        }
        try {
            return JSON.readTree(file().toFile());
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read " + file() + ": " + e.getMessage(), e);
        }
    }
}
