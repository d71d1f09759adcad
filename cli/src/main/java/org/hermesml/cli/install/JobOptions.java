package org.hermesml.cli.install;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.hermesml.cli.local.FlinkRest;
import org.hermesml.cli.local.HermesHome;
import org.hermesml.cli.local.HermesJobs;
import org.hermesml.cli.local.JobStart;
import org.hermesml.cli.local.MasterFile;
import org.hermesml.cli.local.TopicAdmin;
import org.hermesml.core.InputException;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options of every command that brings the job to a Flink cluster; a picocli mixin. */
public final class JobOptions {
    @Mixin private ClusterOptions options;

    @Option(
            names = "--jar",
            paramLabel = "FILE",
            description = "The job (default: job/target/hermes-job.jar of the installation).")
    private Path jar;

    @Option(
            names = "--parallelism",
            paramLabel = "N",
            description =
                    "Subtasks of each operator (default: the cluster's free slots, those of one TaskManager left over where"
                            + " there are several, at most 4).")
    private Integer parallelism;

    /** A job that runs. */
    record Started(String id, int parallelism, FlinkRest rest) {
        String line() {
            return "Job "
                    + id
                    + " runs with parallelism "
                    + parallelism
                    + ": "
                    + rest.address()
                    + "/#/job/running/"
                    + id;
        }
    }

    FlinkRest rest() {
        return options.rest();
    }

    /**
     * Makes the topics that all runs share, submits the job and returns when it runs.
     *
     * @param from savepoint or retained checkpoint to go on from
     */
    Started start(FlinkRest rest, Optional<String> from) {
        MasterFile master = options.master();
        Path job = jar == null ? HermesHome.find().jobJar() : jar;
        if (!Files.isRegularFile(job)) {
            throw new InputException(
                    "There is no job jar at "
                            + job
                            + "; build it with mvn package or name another with --jar.");
        }
        int subtasks = parallelism(rest.overview());
        try (TopicAdmin topics = TopicAdmin.connect(master.bootstrap())) {
            topics.create(master.topics().shared());
        }
        List<String> args =
                List.of(
                        "--bootstrap", master.bootstrap(),
                        "--topic-prefix", master.topicPrefix(),
                        "--parallelism", String.valueOf(subtasks));
        String id =
                new JobStart(job, HermesJobs.MAIN_CLASS, args, subtasks).keptAliveOn(rest, from);
        return new Started(id, subtasks, rest);
    }

    private int parallelism(FlinkRest.Overview cluster) {
        int wanted = parallelism == null ? usual(cluster) : parallelism;
        if (wanted < 1) {
            throw new InputException(
                    "--parallelism " + wanted + " is not allowed; allowed: 1 or more.");
        }
        if (wanted > cluster.slotsFree()) {
            throw new InputException(
                    "The Flink cluster has "
                            + cluster.slotsFree()
                            + " free slots of "
                            + cluster.slotsTotal()
                            + " where "
                            + wanted
                            + " are needed; cancel a job, start more TaskManagers or lower --parallelism.");
        }
        return wanted;
    }

    /** Slots of one TaskManager stay free, for the job to go on in when another dies. */
    private static int usual(FlinkRest.Overview cluster) {
        int managers = cluster.taskManagers();
        int spare = managers > 1 ? cluster.slotsTotal() / managers : 0;
        return Math.max(1, Math.min(4, cluster.slotsFree() - spare));
    }
}
