package org.hermesml.cli.local;

import java.util.List;
import java.util.Optional;
import org.apache.flink.api.common.JobStatus;
import org.hermesml.core.InputException;
import org.hermesml.job.HermesJob;

/** The Hermes job on a cluster, among whatever else runs there. */
public final class HermesJobs {
    public static final String MAIN_CLASS = HermesJob.class.getName();

    private static final long POLL_MS = 200;

    /** Those that have not ended. */
    public static List<FlinkRest.Job> live(FlinkRest rest) {
        return rest.jobs().stream()
                .filter(job -> job.name().equals(HermesJob.NAME) && !hasEnded(job.state()))
                .toList();
    }

    /**
     * @param state of a job, as {@link FlinkRest#state} gives it
     */
    static boolean hasEnded(String state) {
        return JobStatus.valueOf(state).isTerminalState();
    }

    /**
     * Id of the one that is meant.
     *
     * @param named by its id; null: the only one
     * @throws InputException when there is none, or more than one to choose from
     */
    public static String only(FlinkRest rest, String named) {
        List<FlinkRest.Job> live = live(rest);
        if (named != null) {
            return live.stream()
                    .map(FlinkRest.Job::id)
                    .filter(named::equals)
                    .findFirst()
                    .orElseThrow(
                            () ->
                                    new InputException(
                                            "No Hermes job "
                                                    + named
                                                    + " runs at "
                                                    + rest.address()
                                                    + (live.isEmpty()
                                                            ? "; none does."
                                                            : "; running: " + ids(live) + ".")));
        }
        if (live.isEmpty()) {
            throw new InputException(
                    "No Hermes job runs at "
                            + rest.address()
                            + "; start one with ./hermes submit, or go on from a savepoint with ./hermes resume.");
        }
        if (live.size() > 1) {
            throw new InputException(
                    "Several Hermes jobs run at "
                            + rest.address()
                            + " ("
                            + ids(live)
                            + "); say which with --job.");
        }
        return live.get(0).id();
    }

    /**
     * Takes a savepoint and returns where it lies, when all of it does.
     *
     * @param dir as {@link FlinkRest#triggerSavepoint} takes it
     * @param stop whether the job ends with it; the supervisor of a local cluster then lets it rest
     * @throws IllegalStateException when it fails
     */
    public static String savepoint(FlinkRest rest, String job, Optional<String> dir, boolean stop) {
        String trigger = rest.triggerSavepoint(job, dir, stop);
        Optional<String> location = rest.savepoint(job, trigger);
        while (location.isEmpty()) {
            Pause.of(POLL_MS, "the savepoint");
            location = rest.savepoint(job, trigger);
        }
        if (stop) {
            JobRecovery.of(rest).ifPresent(JobRecovery::forget);
            while (!hasEnded(rest.state(job))) {
                Pause.of(POLL_MS, "the savepoint");
            }
        }
        return location.get();
    }

    private static String ids(List<FlinkRest.Job> jobs) {
        return String.join(", ", jobs.stream().map(FlinkRest.Job::id).toList());
    }

    private HermesJobs() {}
}
