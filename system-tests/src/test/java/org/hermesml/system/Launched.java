package org.hermesml.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * A process that a test started, with all that it started in turn. Closing ends whatever of them
 * still runs.
 */
final class Launched implements AutoCloseable {
    /** Far more than anything here takes: a loaded machine is no fault. */
    private static final Duration MOST = Duration.ofMinutes(6);

    private static final List<String> FOREGROUND = foreground();
    private static final Set<Launched> LIVE = ConcurrentHashMap.newKeySet();

    static {
        // a build that is broken off leaves nothing behind, either
        Runtime.getRuntime()
                .addShutdownHook(new Thread(() -> LIVE.forEach(Launched::end), "end-launched"));
    }

    private final Process process;
    private final Path out;
    private final Path err;
    private final Set<ProcessHandle> family = ConcurrentHashMap.newKeySet();

    private Launched(Process process, Path out, Path err) {
        this.process = process;
        this.out = out;
        this.err = err;
    }

    /**
     * @param name of the files in {@code dir} that take standard output and standard error
     */
    static Launched start(Path dir, String name, List<String> command) throws IOException {
        Files.createDirectories(dir);
        Path out = Files.createTempFile(dir, name + "-", ".out");
        Path err = Files.createTempFile(dir, name + "-", ".err");
        List<String> words = new ArrayList<>(FOREGROUND);
        words.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(words);
        builder.environment().put("HERMES_BUILD", "no");
        builder.redirectOutput(out.toFile()).redirectError(err.toFile());
        Launched launched = new Launched(builder.start(), out, err);
        LIVE.add(launched);
        launched.process.onExit().thenRun(() -> LIVE.remove(launched));
        return launched;
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    String out() {
        return read(out);
    }

    String err() {
        return read(err);
    }

    /**
     * Waits for {@code holds} while the process lives; fails with its output when it ends first.
     */
    void await(String what, Callable<Boolean> holds) throws Exception {
        Patience.until(
                what,
                MOST,
                () -> {
                    watchFamily();
                    // asked before, so that what it did last is still seen
                    boolean alive = process.isAlive();
                    boolean done = holds.call();
                    if (!done && !alive) {
                        fail("it ended before " + what + ": " + this);
                    }
                    return done;
                });
    }

    /** Waits until standard output holds {@code text}. */
    void awaitWords(String text) throws Exception {
        await("it says '" + text + "'", () -> out().contains(text) || err().contains(text));
    }

    /** Waits for its end; returns its exit code. */
    int awaitEnd() throws Exception {
        return awaitEnd(MOST);
    }

    /** As {@link #awaitEnd}, for what takes minutes when nothing else runs. */
    int awaitLongEnd() throws Exception {
        return awaitEnd(MOST.multipliedBy(4));
    }

    private int awaitEnd(Duration most) throws Exception {
        Patience.until(
                "the end of " + this,
                most,
                () -> {
                    watchFamily();
                    return process.waitFor(200, TimeUnit.MILLISECONDS);
                });
        return process.exitValue();
    }

    /** Waits for its end; ends it by force, with its family, when that fails. */
    Launched ended() throws Exception {
        try {
            awaitEnd();
            return this;
        } catch (Exception | AssertionError e) {
            close();
            throw e;
        }
    }

    void expect(int exitCode) {
        assertEquals(exitCode, process.exitValue(), this::toString);
    }

    /** What Ctrl-C does. */
    void interrupt() throws Exception {
        watchFamily();
        Process kill = new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start();
        assertEquals(0, kill.waitFor());
    }

    /** Asks it to end. */
    void terminate() {
        watchFamily();
        process.toHandle().destroy();
    }

    /** Every process seen below this one, ever. */
    Set<ProcessHandle> family() {
        return family;
    }

    /** Those of {@link #family()} that still run. */
    List<String> leftRunning() {
        return family.stream()
                .filter(ProcessHandle::isAlive)
                .map(p -> p.pid() + " " + p.info().commandLine().orElse(""))
                .toList();
    }

    @Override
    public void close() {
        end();
        process.onExit().join();
        family.forEach(member -> member.onExit().join());
    }

    @Override
    public String toString() {
        return process.info().commandLine().orElse("process " + process.pid())
                + "\nexit code "
                + (process.isAlive() ? "none yet" : process.exitValue())
                + "\n--- standard output\n"
                + out()
                + "\n--- standard error\n"
                + err();
    }

    private void end() {
        watchFamily();
        process.destroyForcibly();
        family.forEach(ProcessHandle::destroyForcibly);
    }

    private void watchFamily() {
        process.descendants().forEach(family::add);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * A build that itself runs in the background passes on that Ctrl-C is ignored, and no program
     * can hear what was ignored before it began.
     */
    private static List<String> foreground() {
        List<String> prefix = List.of("env", "--default-signal=INT");
        List<String> trial = new ArrayList<>(prefix);
        trial.add("true");
        try {
            Process process = new ProcessBuilder(trial).start();
            return process.waitFor() == 0 ? prefix : List.of();
        } catch (IOException e) {
            return List.of();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
