package org.hermesml.cli.local;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.hermesml.core.InputException;

/**
 * Keeps the processes of a cluster, and its job, alive: {@code ClusterSupervisor HOME DIR REST_PORT
 * TASK_MANAGERS SLOTS}. Whatever ends is started again, slower each time that it ends soon after.
 * Its own end stops them all.
 */
public final class ClusterSupervisor {
    private static final Duration SOON = Duration.ofMinutes(1);
    private static final int MAX_PAUSE_S = 30;

    private final ClusterFolder folder;
    private final FlinkCommands commands;
    private final BlockingQueue<Life> ended = new LinkedBlockingQueue<>();

    private record Life(String name, int exitCode, long sinceNanos, int soonEnds) {}

    private ClusterSupervisor(ClusterFolder folder, FlinkCommands commands) {
        this.folder = folder;
        this.commands = commands;
    }

    public static void main(String[] args) throws InterruptedException {
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
        new ClusterSupervisor(folder, commands).run(Integer.parseInt(args[3]));
    }

    private static void keepJobAlive(JobRecovery recovery, FlinkRest rest) {
        while (true) {
            try {
                TimeUnit.SECONDS.sleep(2);
                recovery.forgetEnded(rest);
                recovery.resume(rest).ifPresent(ClusterSupervisor::say);
            } catch (InputException | FlinkRefusal notYet) {
                // The JobManager is not up; the supervisor starts it.
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                say("the job could not be started again, tried once more soon: " + e.getMessage());
            }
        }
    }

    private void run(int taskManagers) throws InterruptedException {
        start(ClusterFolder.JOB_MANAGER, 0);
        for (int i = 1; i <= taskManagers; i++) {
            start("taskmanager-" + i, 0);
        }
        while (true) {
            Life life = ended.take();
            boolean soon = System.nanoTime() - life.sinceNanos < SOON.toNanos();
            int soonEnds = soon ? life.soonEnds + 1 : 0;
            int pauseS = soonEnds == 0 ? 0 : Math.min(MAX_PAUSE_S, 1 << Math.min(5, soonEnds - 1));
            say(
                    life.name
                            + " ended with code "
                            + life.exitCode
                            + "; started again in "
                            + pauseS
                            + " s");
            TimeUnit.SECONDS.sleep(pauseS);
            start(life.name, soonEnds);
        }
    }

    private void start(String name, int soonEnds) {
        boolean jobManager = name.equals(ClusterFolder.JOB_MANAGER);
        ChildProcess child =
                (jobManager ? commands.jobManager() : commands.taskManager(name)).start();
        folder.writePid(name, child.pid());
        say(name + " started as process " + child.pid());
        long since = System.nanoTime();
        child.onExit().thenAccept(code -> ended.add(new Life(name, code, since, soonEnds)));
    }

    private static void say(String what) {
        System.err.println(java.time.LocalDateTime.now().withNano(0) + " " + what);
    }
}
