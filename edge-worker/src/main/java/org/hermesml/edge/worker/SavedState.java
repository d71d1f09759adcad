package org.hermesml.edge.worker;

import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.hermesml.core.message.RunSpec;
import org.hermesml.core.state.WorkerSnapshot;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The state of one worker in one run, in a folder of its device: one file, removed when the run is
 * over. A folder that cannot be written to, a full disk for instance, is reported, and the worker
 * goes on without. One thread at a time.
 */
final class SavedState {
    private static final Logger LOG = LoggerFactory.getLogger(SavedState.class);
    private static final String SUFFIX = ".state";

    /** Of other runs, whose ends this worker may never have heard of. */
    private static final int MOST_FILES = 8;

    /** Writing takes no more than this part of the time. */
    private static final int SHARE = 20;

    private final Path folder;
    private final Path file;
    private final RunSpec spec;
    private final String worker;
    private long writtenNs = System.nanoTime();
    private long tookNs;
    private boolean fails;

    /** Read, and not handed out yet. */
    private Optional<StateFile.Content> found = Optional.empty();

    /**
     * @param folder made when it is first needed
     */
    SavedState(Path folder, RunSpec spec, String worker) {
        this.folder = folder;
        this.spec = spec;
        this.worker = worker;
        // '+' is in no name of a run or a worker.
        this.file = folder.resolve(spec.getRun() + "+" + worker + SUFFIX);
    }

    /** What an earlier life of this worker saved of this run; empty where that cannot be used. */
    Optional<StateFile.Content> read() {
        prune();
        found = content();
        return found;
    }

    /** What was read, once: it may be three times as large as the model. */
    Optional<StateFile.Content> take() {
        Optional<StateFile.Content> taken = found;
        found = Optional.empty();
        return taken;
    }

    private Optional<StateFile.Content> content() {
        try {
            StateFile.Content content = StateFile.read(file);
            WorkerSnapshot header = content.header();
            boolean mine =
                    header.getRun().equals(spec.getRun())
                            && header.getRunCreatedMs() == spec.getCreatedMs()
                            && header.getWorker().equals(worker)
                            && header.getParameterCount() == spec.getParameterCount();
            return mine ? Optional.of(content) : Optional.empty();
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            LOG.warn(
                    "The state in {} cannot be used ({}); this worker begins without.",
                    file,
                    reason(e));
            return Optional.empty();
        }
    }

    /** Whether the newest state is worth its writing already. */
    boolean isDue() {
        return System.nanoTime() - writtenNs >= SHARE * tookNs;
    }

    /**
     * In place of what was saved before.
     *
     * @param content all but what says whose it is
     */
    void write(StateFile.Content content) {
        long start = System.nanoTime();
        WorkerSnapshot header =
                content.header().toBuilder()
                        .setRun(spec.getRun())
                        .setRunCreatedMs(spec.getCreatedMs())
                        .setWorker(worker)
                        .setParameterCount(spec.getParameterCount())
                        .build();
        try {
            Files.createDirectories(folder);
            StateFile.write(
                    file,
                    new StateFile.Content(
                            header, content.weights(), content.pulled(), content.unsent()));
            if (fails) {
                LOG.info("The state of this worker is saved again in {}", folder);
            }
            fails = false;
        } catch (IOException e) {
            report(e);
            // What is there is older than what was pushed since: it must not be sent twice.
            remove();
        }
        writtenNs = System.nanoTime();
        tookNs = writtenNs - start;
    }

    /** The run is over, or what was saved is of no use. */
    void remove() {
        try {
            Files.deleteIfExists(file);
            Files.deleteIfExists(StateFile.aside(file));
        } catch (IOException e) {
            LOG.debug("Left behind: {}", file, e);
        }
    }

    /** Once for each time that it begins to fail. */
    private void report(IOException e) {
        if (!fails) {
            LOG.warn(
                    "The state of this worker cannot be saved in {} ({}); free space there or name"
                            + " another folder with --state; training goes on, but a restart begins"
                            + " with an empty window.",
                    folder,
                    reason(e) + free());
        }
        fails = true;
    }

    private String free() {
        try {
            FileStore store = Files.getFileStore(folder);
            return ", " + (store.getUsableSpace() >> 20) + " MB free";
        } catch (IOException e) {
            return "";
        }
    }

    private static String reason(IOException e) {
        if (e instanceof InvalidProtocolBufferException) {
            return "it is damaged";
        }
        String message = e.getMessage() == null ? "" : ": " + e.getMessage();
        return e.getClass() == IOException.class && !message.isEmpty()
                ? e.getMessage()
                : e.getClass().getSimpleName() + message;
    }

    /** Whether this worker wrote it, wholly or in part. */
    private boolean isOfAnotherRun(Path path) {
        String name = path.getFileName().toString();
        String mine = "+" + worker + SUFFIX;
        return (name.endsWith(mine) || name.endsWith(mine + StateFile.ASIDE))
                && !path.equals(file)
                && !path.equals(StateFile.aside(file));
    }

    private void prune() {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (Stream<Path> all = Files.list(folder)) {
            List<Path> mine =
                    all.filter(this::isOfAnotherRun)
                            .sorted(
                                    Comparator.comparing((Path p) -> p.toFile().lastModified())
                                            .reversed())
                            .toList();
            for (Path old : mine.subList(Math.min(MOST_FILES - 1, mine.size()), mine.size())) {
                Files.deleteIfExists(old);
            }
        } catch (IOException e) {
            LOG.debug("Not tidied: {}", folder, e);
        }
    }
}
