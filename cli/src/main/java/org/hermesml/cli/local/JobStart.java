package org.hermesml.cli.local;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.hermesml.core.InputException;

/**
 * A job to be started on a cluster.
 *
 * @param args of its main method
 */
public record JobStart(Path jar, String mainClass, List<String> args, int parallelism) {
    private static final Duration RUNS_WITHIN = Duration.ofMinutes(2);
    private static final long POLL_MS = 200;

    /** What Flink, and the job's own serializers, say of state that they cannot take up. */
    private static final List<String> UNREADABLE =
            List.of(
                    "StateMigrationException",
                    "cannot be read here",
                    "which this release does not have",
                    "Cannot map checkpoint/savepoint state",
                    "Cannot find checkpoint or savepoint file/directory",
                    "Failed to rollback to checkpoint/savepoint",
                    "not compatible with this version");

    /**
     * Brings the jar to the cluster, starts the job and returns its id when all its subtasks run.
     *
     * @param from a savepoint or retained checkpoint to go on from
     * @throws InputException when {@code from} holds what this job cannot read
     * @throws IllegalStateException when it does not come to run; it is cancelled then
     */
    public String on(FlinkRest rest, Optional<String> from) {
        String uploaded = rest.upload(jar);
        String id;
        try {
            id = rest.run(uploaded, mainClass, args, parallelism, from);
        } finally {
            remove(rest, uploaded);
        }
        long end = System.nanoTime() + RUNS_WITHIN.toNanos();
        String state = rest.state(id);
        while (System.nanoTime() < end && !HermesJobs.hasEnded(state)) {
            if (rest.isRunning(id)) {
                return id;
            }
            if (from.isPresent() && state.equals("RESTARTING")) {
                requireReadable(rest, id, from.get());
            }
            Pause.of(POLL_MS, "the job to start");
            state = rest.state(id);
        }
        if (from.isPresent()) {
            requireReadable(rest, id, from.get());
        }
        String fault = rest.fault(id);
        if (!HermesJobs.hasEnded(state)) {
            rest.cancel(id);
        }
        throw new IllegalStateException(
                "The job "
                        + id
                        + " does not run ("
                        + state
                        + ")"
                        + (fault.isEmpty() ? "" : ": " + fault)
                        + "; see "
                        + rest.address()
                        + " and the TaskManagers' logs.");
    }

    /**
     * As {@link #on}; and when the cluster is one of {@code hermes cluster} on this machine, the
     * job goes on after the death of its JobManager from the newest checkpoint.
     */
    public String keptAliveOn(FlinkRest rest, Optional<String> from) {
        String job = on(rest, from);
        JobRecovery.of(rest).ifPresent(recovery -> recovery.note(this, job, from));
        return job;
    }

    /** State of another format would fail each new try like the first. */
    private static void requireReadable(FlinkRest rest, String id, String from) {
        String trace = rest.faultTrace(id);
        if (UNREADABLE.stream().noneMatch(trace::contains)) {
            return;
        }
        if (!HermesJobs.hasEnded(rest.state(id))) {
            rest.cancel(id);
        }
        throw new InputException(
                "The job cannot read the state in "
                        + from
                        + " ("
                        + FlinkRefusal.innermost(trace)
                        + "); resume it with the release that wrote it.");
    }

    /** Each death of a JobManager would leave one more. */
    private static void remove(FlinkRest rest, String jar) {
        try {
            rest.delete(jar);
        } catch (InputException | FlinkRefusal e) {
            // the JobManager has just died; what stays is some room on the disk
        }
    }
}
