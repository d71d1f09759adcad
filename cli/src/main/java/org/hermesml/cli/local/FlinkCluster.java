package org.hermesml.cli.local;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.flink.util.FileUtils;
import org.hermesml.core.InputException;

/**
 * A Flink cluster of processes on this machine that outlives the command: JobManager, TaskManagers
 * and their supervisor.
 */
public final class FlinkCluster {
    private static final Duration UP_WITHIN = Duration.ofMinutes(4);
    private static final long POLL_MS = 200;
    private static final Duration DOWN_WITHIN = Duration.ofSeconds(15);

    private final HermesHome home;
    private final ClusterFolder folder;

    /**
     * A process of the cluster.
     *
     * @param name supervisor, jobmanager, taskmanager-1 ...
     */
    public record Member(String name, long pid) {}

    /**
     * @param dir keeps process ids, logs, checkpoints and uploaded jars
     */
    public FlinkCluster(HermesHome home, Path dir) {
        this.home = home;
        this.folder = new ClusterFolder(dir);
    }

    /** Where it keeps everything. */
    public Path dir() {
        return folder.dir();
    }

    /** The processes that run now; empty when the cluster is down. */
    public List<Member> members() {
        return folder.members().stream().map(m -> new Member(m.name(), m.process().pid())).toList();
    }

    /**
     * Starts the processes, that outlive this program, and returns when all slots are there. What
     * it started is ended again when that fails.
     *
     * @param taskManagers those on standby among them
     * @throws InputException when one runs already in this folder, the port is in use, or Hermes is
     *     not built
     */
    public FlinkRest start(int restPort, int taskManagers, int slots) {
        return start(restPort, taskManagers, slots, ChildCommand::startDetached);
    }

    /** As {@link #start}, with processes that end when this program does, however it ends. */
    public FlinkRest startWithin(int restPort, int taskManagers, int slots) {
        return start(
                restPort,
                taskManagers,
                slots,
                command -> command.args(ParentWatch.OPTION).start().handle());
    }

    private FlinkRest start(
            int restPort,
            int taskManagers,
            int slots,
            Function<ChildCommand, ProcessHandle> starter) {
        if (!folder.members().isEmpty()) {
            throw new InputException(
                    "A cluster runs already in "
                            + folder.dir()
                            + "; stop it with ./hermes cluster stop or choose another folder with --dir.");
        }
        if (!Files.isDirectory(home.flinkLib())) {
            throw new InputException(
                    "Flink's jars are missing in "
                            + home.flinkLib()
                            + "; build them with mvn package.");
        }
        Ports.require(restPort, "Flink web UI", "--rest-port");
        folder.forgetPids();
        new JobRecovery(folder.dir()).forget();
        // Files of processes that were killed; nobody else removes them.
        FileUtils.deleteDirectoryQuietly(folder.dir().resolve("tmp").toFile());
        ChildCommand command =
                ChildCommand.java("cluster supervisor", folder.out(ClusterFolder.SUPERVISOR))
                        .jvm(folder.marker())
                        .heap("64m")
                        .jvm("-Dlog4j2.configurationFile=log4j2-child.properties")
                        .main(ClusterSupervisor.class)
                        .args(home.root().toString(), folder.dir().toString())
                        .args("" + restPort, "" + taskManagers, "" + slots);
        ProcessHandle supervisor = starter.apply(command);
        FlinkRest rest = new FlinkRest("http://localhost:" + restPort);
        Thread undo = new Thread(this::stop, "stop-half-started-cluster");
        Runtime.getRuntime().addShutdownHook(undo);
        boolean up = false;
        try {
            awaitSlots(rest, supervisor, taskManagers * slots);
            up = true;
        } finally {
            Runtime.getRuntime().removeShutdownHook(undo);
            if (!up) {
                stop();
                supervisor.destroyForcibly();
            }
        }
        return rest;
    }

    /**
     * Ends every process of the cluster, and only those; returns those that ran. Jobs do not go on
     * at the next start.
     */
    public List<Member> stop() {
        List<Member> ran = members();
        end(folder.members(), member -> member.name().equals(ClusterFolder.SUPERVISOR));
        // The supervisor ends its children itself; only if it was killed are there any left.
        end(folder.members(), member -> true);
        folder.forgetPids();
        new JobRecovery(folder.dir()).forget();
        return ran;
    }

    private static void end(
            List<ClusterFolder.Member> members,
            java.util.function.Predicate<ClusterFolder.Member> which) {
        List<ProcessHandle> ending =
                members.stream().filter(which).map(ClusterFolder.Member::process).toList();
        ending.forEach(ProcessHandle::destroy);
        CompletableFuture<?> all =
                CompletableFuture.allOf(
                        ending.stream()
                                .map(ProcessHandle::onExit)
                                .toArray(CompletableFuture[]::new));
        try {
            all.get(DOWN_WITHIN.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            ending.forEach(ProcessHandle::destroyForcibly);
            all.join();
        } catch (InterruptedException e) {
            ending.forEach(ProcessHandle::destroyForcibly);
            Thread.currentThread().interrupt();
        } catch (java.util.concurrent.ExecutionException e) {
            throw new IllegalStateException(
                    "A process of the cluster could not be ended: " + e.getMessage(), e);
        }
    }

    private void awaitSlots(FlinkRest rest, ProcessHandle supervisor, int slots) {
        long end = System.nanoTime() + UP_WITHIN.toNanos();
        while (System.nanoTime() < end && supervisor.isAlive()) {
            try {
                if (rest.overview().slotsTotal() >= slots) {
                    return;
                }
            } catch (InputException | FlinkRefusal notYet) {
                // The JobManager is not up; the loop's condition says how long that is fine.
            }
            Pause.of(POLL_MS, "the cluster to start");
        }
        StringBuilder tails = new StringBuilder();
        Consumer<String> tail =
                name -> {
                    tails.append("\n").append(LogTail.read(folder.out(name), 6));
                    tails.append("\n").append(LogTail.read(folder.log(name), 6));
                };
        List.of(ClusterFolder.SUPERVISOR, ClusterFolder.JOB_MANAGER, "taskmanager-1").forEach(tail);
        throw new IllegalStateException(
                "The Flink cluster did not come up; see "
                        + folder.dir().resolve("log")
                        + ":"
                        + tails.toString().replaceAll("\n+", "\n"));
    }
}
