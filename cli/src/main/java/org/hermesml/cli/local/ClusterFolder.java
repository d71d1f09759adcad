package org.hermesml.cli.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.flink.util.FileUtils;

/**
 * The folder of a cluster of processes: who runs (one {@code NAME.pid} each), logs, checkpoints.
 *
 * @param dir absolute
 */
record ClusterFolder(Path dir) {
    static final String SUPERVISOR = "supervisor";
    static final String JOB_MANAGER = "jobmanager";

    /** A process of the cluster that runs now. */
    record Member(String name, ProcessHandle process) {}

    ClusterFolder {
        dir = dir.toAbsolutePath().normalize();
    }

    /**
     * First flag of each of our JVMs: by it a process is known to be ours, whatever its id was
     * before. First, because the system tells only the beginning of a long command.
     */
    String marker() {
        return "-Dhermes.cluster=" + dir;
    }

    Path log(String name) {
        return dir.resolve("log").resolve(name + ".log");
    }

    /** What a process writes past its logging: faults of the JVM itself. */
    Path out(String name) {
        return dir.resolve("log").resolve(name + ".out");
    }

    void writePid(String name, long pid) {
        try {
            Files.createDirectories(dir);
            Files.writeString(pidFile(name), pid + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "Cannot write " + pidFile(name) + ": " + e.getMessage(), e);
        }
    }

    /** The process of that name, if it runs and is ours. */
    Optional<ProcessHandle> process(String name) {
        try {
            long pid = Long.parseLong(Files.readString(pidFile(name)).strip());
            return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).filter(this::isOurs);
        } catch (IOException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** All processes of the cluster that run, the supervisor first. */
    List<Member> members() {
        List<Member> members = new ArrayList<>();
        for (String name : names()) {
            process(name).ifPresent(process -> members.add(new Member(name, process)));
        }
        return members;
    }

    /** Made where a process keeps what nobody needs after its end. */
    Path tmp(String name) {
        try {
            return Files.createDirectories(dir.resolve("tmp").resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "Cannot make " + dir.resolve("tmp") + ": " + e.getMessage(), e);
        }
    }

    /** What a process that was killed leaves, RocksDB's logs included; nobody else removes it. */
    void removeLeftovers(String name) {
        remove(tmp(name));
        String life = "tm_" + name + FlinkCommands.LIFE;
        if (!Files.isDirectory(dir.resolve("log"))) {
            return;
        }
        try (Stream<Path> logs = Files.list(dir.resolve("log"))) {
            logs.filter(path -> path.getFileName().toString().contains(life))
                    .forEach(ClusterFolder::remove);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "Cannot list " + dir.resolve("log") + ": " + e.getMessage(), e);
        }
    }

    private static void remove(Path path) {
        try {
            FileUtils.deleteFileOrDirectory(path.toFile());
        } catch (IOException e) {
            // it takes some room until the cluster starts anew, no more
        }
    }

    void forgetPids() {
        for (String name : names()) {
            try {
                Files.deleteIfExists(pidFile(name));
            } catch (IOException e) {
                throw new UncheckedIOException(
                        "Cannot remove " + pidFile(name) + ": " + e.getMessage(), e);
            }
        }
    }

    private boolean isOurs(ProcessHandle process) {
        return process.info()
                .commandLine()
                .map(line -> line.contains(" " + marker() + " "))
                .orElse(false);
    }

    private List<String> names() {
        if (!Files.isDirectory(dir)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(dir)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".pid"))
                    .map(name -> name.substring(0, name.length() - 4))
                    .sorted(
                            (a, b) ->
                                    a.equals(SUPERVISOR)
                                            ? -1
                                            : b.equals(SUPERVISOR) ? 1 : a.compareTo(b))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot list " + dir + ": " + e.getMessage(), e);
        }
    }

    private Path pidFile(String name) {
        return dir.resolve(name + ".pid");
    }
}
