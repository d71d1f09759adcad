package org.hermesml.cli.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** What to start as a child: a JVM of the same Java that runs this program. */
public final class ChildCommand {
    private final String name;
    private final Path log;
    private final List<String> jvm = new ArrayList<>();
    private final List<String> what = new ArrayList<>();
    private final List<String> args = new ArrayList<>();
    private final Map<String, String> env = new LinkedHashMap<>();
    private Consumer<String> lines;
    private boolean sharedOutput;

    private ChildCommand(String name, Path log) {
        this.name = name;
        this.log = log;
    }

    /**
     * @param name for people, as in "broker ended"
     * @param log takes standard error, and standard output unless {@link #lines} takes it; appended
     *     to, folders made as needed
     */
    public static ChildCommand java(String name, Path log) {
        return new ChildCommand(name, log);
    }

    /**
     * Upper bound of the Java heap, as {@code -Xmx} takes it: {@code 128m}. Uses the collector that
     * needs least memory.
     */
    public ChildCommand heap(String size) {
        return jvm("-Xmx" + size, "-XX:+UseSerialGC");
    }

    public ChildCommand jvm(String... flags) {
        jvm.addAll(List.of(flags));
        return this;
    }

    /** A main class on this program's own class path. */
    public ChildCommand main(Class<?> main) {
        return main(System.getProperty("java.class.path"), main.getName());
    }

    public ChildCommand main(String classPath, String main) {
        what.clear();
        what.addAll(List.of("-cp", classPath, main));
        return this;
    }

    public ChildCommand jar(Path jar) {
        what.clear();
        what.addAll(List.of("-jar", jar.toString()));
        return this;
    }

    public ChildCommand args(String... more) {
        return args(List.of(more));
    }

    public ChildCommand args(List<String> more) {
        args.addAll(more);
        return this;
    }

    public ChildCommand env(String key, String value) {
        env.put(key, value);
        return this;
    }

    /**
     * Standard output goes line by line to {@code consumer}, called on a thread of its own, instead
     * of to the log.
     */
    public ChildCommand lines(Consumer<String> consumer) {
        lines = consumer;
        return this;
    }

    /** Standard output and error are this program's own, instead of the log. */
    public ChildCommand sharedOutput() {
        sharedOutput = true;
        return this;
    }

    /** The command as the operating system gets it. */
    public List<String> words() {
        List<String> words = new ArrayList<>();
        words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        words.addAll(jvm);
        words.addAll(what);
        words.addAll(args);
        return words;
    }

    /** Starts a child that ends no later than this program. */
    public ChildProcess start() {
        try {
            ProcessBuilder builder = builder();
            builder.redirectInput(ProcessBuilder.Redirect.PIPE);
            return ChildProcess.launch(name, log, builder, lines);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "The process '" + name + "' did not start: " + e.getMessage(), e);
        }
    }

    /**
     * Starts a process that outlives this program and its terminal, with no standard input. Nobody
     * here will end it.
     */
    public ProcessHandle startDetached() {
        try {
            ProcessBuilder builder = builder();
            List<String> words = new ArrayList<>(detacher());
            words.addAll(builder.command());
            builder.command(words);
            builder.redirectInput(Path.of("/dev/null").toFile());
            return builder.start().toHandle();
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "The process '" + name + "' did not start: " + e.getMessage(), e);
        }
    }

    private ProcessBuilder builder() throws IOException {
        Files.createDirectories(log.toAbsolutePath().getParent());
        ProcessBuilder builder = new ProcessBuilder(words());
        builder.environment().putAll(env);
        if (sharedOutput) {
            builder.redirectError(ProcessBuilder.Redirect.INHERIT);
            builder.redirectOutput(ProcessBuilder.Redirect.INHERIT);
            return builder;
        }
        ProcessBuilder.Redirect toLog = ProcessBuilder.Redirect.appendTo(log.toFile());
        builder.redirectError(toLog);
        builder.redirectOutput(lines == null ? toLog : ProcessBuilder.Redirect.PIPE);
        return builder;
    }

    /**
     * A session of its own where the system can give one; both programs become the child itself, so
     * its id stays right.
     */
    private static List<String> detacher() {
        for (String program : List.of("setsid", "nohup")) {
            for (String dir : System.getenv().getOrDefault("PATH", "/usr/bin:/bin").split(":")) {
                Path file = Path.of(dir, program);
                if (Files.isExecutable(file)) {
                    return List.of(file.toString());
                }
            }
        }
        return List.of();
    }
}
