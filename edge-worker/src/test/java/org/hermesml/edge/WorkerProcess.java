package org.hermesml.edge;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** A device as it really runs: the jar in a JVM of its own, with all that it says. */
final class WorkerProcess implements AutoCloseable {
    final List<String> said = new CopyOnWriteArrayList<>();
    private final Process process;
    private final Thread reader;
    private boolean silent;

    WorkerProcess(String... options) throws IOException {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xmx128m",
                                "-XX:+UseSerialGC",
                                "-jar",
                                Path.of("target", "hermes-edge-worker.jar").toString()));
        command.addAll(List.of(options));
        this.process = new ProcessBuilder(command).start();
        this.reader = new Thread(this::read, "log");
        reader.setDaemon(true);
        reader.start();
    }

    private void read() {
        try (BufferedReader log = process.errorReader()) {
            for (String line = log.readLine(); line != null; line = log.readLine()) {
                say(line);
            }
        } catch (IOException e) {
            say(e.toString());
        } finally {
            fallSilent();
        }
    }

    private synchronized void fallSilent() {
        silent = true;
        notifyAll();
    }

    private synchronized void say(String line) {
        said.add(line);
        notifyAll();
    }

    /** Returns once it has said so, or will say nothing more. */
    synchronized void awaitSaid(String text) throws InterruptedException {
        while (!hasSaid(text) && !silent) {
            wait();
        }
    }

    boolean hasSaid(String text) {
        return said.stream().anyMatch(line -> line.contains(text));
    }

    boolean isAlive() {
        return process.isAlive();
    }

    void endInput() throws IOException {
        process.getOutputStream().close();
    }

    /** As a person would by Ctrl-C. */
    void ask() {
        process.destroy();
    }

    /** As the power going out would; returns when it is gone. */
    void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    /** Stops without ending, as a starved device does. */
    void freeze() throws Exception {
        signal("STOP");
    }

    void thaw() throws Exception {
        signal("CONT");
    }

    private void signal(String name) throws Exception {
        new ProcessBuilder("kill", "-" + name, "" + process.pid()).start().waitFor();
    }

    /** -1 while it lives. */
    int awaitEnd() throws InterruptedException {
        boolean ended = process.waitFor(180, TimeUnit.SECONDS);
        reader.join(5_000);
        return ended ? process.exitValue() : -1;
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
