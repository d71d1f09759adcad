package org.hermesml.cli.local;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A process that belongs to this one. Its standard input stays open as long as we live, so that a
 * child that watches it ends however we end; whatever still runs when this program exits is stopped
 * by a shutdown hook. Any thread may call.
 */
public final class ChildProcess implements AutoCloseable {
    private static final Duration GRACE = Duration.ofSeconds(10);
    private static final Set<ChildProcess> LIVE = ConcurrentHashMap.newKeySet();
    private static boolean closing;

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(ChildProcess::closeAll, "end-children"));
    }

    private final String name;
    private final Path log;
    private final Process process;
    private final CompletableFuture<Integer> ended;

    private ChildProcess(String name, Path log, Process process, Consumer<String> lines) {
        this.name = name;
        this.log = log;
        this.process = process;
        CompletableFuture<Void> read =
                lines == null
                        ? CompletableFuture.completedFuture(null)
                        : CompletableFuture.runAsync(() -> read(process, lines), this::startReader);
        this.ended = process.onExit().thenCombine(read, (exited, nothing) -> exited.exitValue());
    }

    static ChildProcess launch(
            String name, Path log, ProcessBuilder builder, Consumer<String> lines)
            throws IOException {
        ChildProcess child;
        synchronized (LIVE) {
            // A child started while we end would be nobody's.
            if (closing) {
                throw new IllegalStateException("This program is ending; it starts nothing more.");
            }
            child = new ChildProcess(name, log, builder.start(), lines);
            LIVE.add(child);
        }
        child.process.onExit().thenRun(() -> LIVE.remove(child));
        return child;
    }

    public String name() {
        return name;
    }

    public long pid() {
        return process.pid();
    }

    public ProcessHandle handle() {
        return process.toHandle();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Empty while it runs. */
    public OptionalInt exitCode() {
        return process.isAlive() ? OptionalInt.empty() : OptionalInt.of(process.exitValue());
    }

    /** Completes with the exit code when the process has ended and its output has been read. */
    public CompletableFuture<Integer> onExit() {
        return ended;
    }

    public Path log() {
        return log;
    }

    /** The last lines of its log, oldest first, at most {@code count}. */
    public String lastLines(int count) {
        return LogTail.read(log, count);
    }

    /** Asks it to end, waits for {@code grace}, then ends it by force. Returns when it is gone. */
    public void stop(Duration grace) {
        askToEnd();
        try {
            if (!process.waitFor(grace.toMillis(), TimeUnit.MILLISECONDS)) {
                process.toHandle().destroyForcibly();
                process.waitFor();
            }
        } catch (InterruptedException e) {
            process.toHandle().destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    /** Ends it by force and waits until it is gone. */
    public void kill() {
        stop(Duration.ZERO);
    }

    @Override
    public void close() {
        stop(GRACE);
    }

    private static void closeAll() {
        synchronized (LIVE) {
            closing = true;
        }
        // Ask all first, so that they end side by side.
        LIVE.forEach(ChildProcess::askToEnd);
        long end = System.nanoTime() + GRACE.toNanos();
        LIVE.forEach(child -> child.stop(Duration.ofNanos(Math.max(0, end - System.nanoTime()))));
    }

    /** By its handle: ending the {@link Process} itself would close its output unread. */
    private void askToEnd() {
        closeInput();
        process.toHandle().destroy();
    }

    private void startReader(Runnable reader) {
        Thread thread = new Thread(reader, name + "-output");
        thread.setDaemon(true);
        thread.start();
    }

    void closeInput() {
        try {
            process.getOutputStream().close();
        } catch (IOException e) {
            // The pipe broke because the child has ended: what was wanted.
        }
    }

    private static void read(Process process, Consumer<String> lines) {
        try (BufferedReader out =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                lines.accept(line);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "The output of a child cannot be read: " + e.getMessage(), e);
        }
    }
}
