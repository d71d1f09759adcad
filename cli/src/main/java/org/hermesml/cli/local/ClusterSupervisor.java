package org.hermesml.cli.local;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.hermesml.core.InputException;

/**
 * Keeps the processes of a cluster, and its job, alive: {@code ClusterSupervisor HOME DIR REST_PORT
 * TASK_MANAGERS SLOTS [--end-with-stdin]}. Whatever ends is started again, slower each time that it
 * ends before it can have been of use. Its own end stops them all.
 */
public final class ClusterSupervisor {
    private static final long LOOK_AFTER_JOB_MS = 500;
    private static final String TASK_MANAGER = "taskmanager-";

    /**
     * The start of a process takes whole cores, which the job that goes on elsewhere needs more.
     */
    private static final Duration AFTER_RECOVERY = Duration.ofSeconds(5);

    private final ClusterFolder folder;
    private final FlinkCommands commands;

    /** Starts processes: all of them on this thread. */
    private final ScheduledExecutorService starter =
            Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "starter"));

    private volatile boolean ending;

    private ClusterSupervisor(ClusterFolder folder, FlinkCommands commands) {
        this.folder = folder;
        this.commands = commands;
        Runtime.getRuntime().addShutdownHook(new Thread(() -> ending = true, "ending"));
    }

    public static void main(String[] args) {
        if (args.length > 5 && args[5].equals(ParentWatch.OPTION)) {
            ParentWatch.start();
        }
        HermesHome home = new HermesHome(Path.of(args[0]));
        ClusterFolder folder = new ClusterFolder(Path.of(args[1]));
        folder.writePid(ClusterFolder.SUPERVISOR, ProcessHandle.current().pid());
        int restPort = Integer.parseInt(args[2]);
        int slots = Integer.parseInt(args[4]);
        // One RPC port for all lives of the JobManager, so that TaskManagers find it again.
        FlinkCommands commands = new FlinkCommands(home, folder, restPort, Ports.free(), slots);
        JobRecovery recovery = new JobRecovery(folder.dir());
        FlinkRest rest = new FlinkRest("http://localhost:" + restPort);
        Thread keeper = new Thread(() -> keepJobAlive(recovery, rest), "job-recovery");
        keeper.setDaemon(true);
        keeper.start();
        ClusterSupervisor supervisor = new ClusterSupervisor(folder, commands);
        supervisor.startLater(ClusterFolder.JOB_MANAGER, new Restarts(), Duration.ZERO);
        for (int i = 1; i <= Integer.parseInt(args[3]); i++) {
            supervisor.startLater(TASK_MANAGER + i, new Restarts(), Duration.ZERO);
        }
    }

    private static void keepJobAlive(JobRecovery recovery, FlinkRest rest) {
        while (true) {
            try {
                TimeUnit.MILLISECONDS.sleep(LOOK_AFTER_JOB_MS);
                recovery.forgetEnded(rest);
                recovery.resume(rest).ifPresent(ClusterSupervisor::say);
                recovery.clean(rest).ifPresent(ClusterSupervisor::say);
            } catch (InputException | FlinkRefusal notYet) {
                // The JobManager is not up; the supervisor starts it.
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                say("the job could not be started again, tried once more soon: " + e.getMessage());
            }
        }
    }

    private void startLater(String name, Restarts restarts, Duration pause) {
        if (ending) {
            return;
        }
        starter.schedule(
                () -> {
                    try {
                        start(name, restarts);
                    } catch (RuntimeException e) {
                        say(name + " did not start: " + e.getMessage());
                        startLater(name, restarts, restarts.ended(System.nanoTime()));
                    }
                },
                pause.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    private void start(String name, Restarts restarts) {
        boolean jobManager = name.equals(ClusterFolder.JOB_MANAGER);
        folder.removeLeftovers(name);
        restarts.started(System.nanoTime());
        ChildProcess child =
                (jobManager ? commands.jobManager() : commands.taskManager(name)).start();
        folder.writePid(name, child.pid());
        say(name + " started as process " + child.pid());
        child.onExit().thenAccept(code -> goneAgain(name, code, restarts));
    }

    private void goneAgain(String name, int code, Restarts restarts) {
        if (ending) {
            return;
        }
        Duration pause = restarts.ended(System.nanoTime());
        if (!name.equals(ClusterFolder.JOB_MANAGER) && isReplaced(name)) {
            pause = pause.plus(AFTER_RECOVERY);
        }
        say(
                name
                        + " ended with code "
                        + code
                        + "; started again in "
                        + pause.toMillis() / 1000.0
                        + " s");
        startLater(name, restarts, pause);
    }

    /** Whether another TaskManager can take over. */
    private boolean isReplaced(String gone) {
        return folder.members().stream()
                .map(ClusterFolder.Member::name)
                .anyMatch(name -> name.startsWith(TASK_MANAGER) && !name.equals(gone));
    }

    private static void say(String what) {
        System.err.println(java.time.LocalDateTime.now() + " " + what);
    }
}
