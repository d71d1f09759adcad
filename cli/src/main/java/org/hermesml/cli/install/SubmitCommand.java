package org.hermesml.cli.install;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.hermesml.cli.local.FlinkRest;
import org.hermesml.cli.local.HermesHome;
import org.hermesml.cli.local.JobStart;
import org.hermesml.cli.local.MasterFile;
import org.hermesml.cli.local.MasterOptions;
import org.hermesml.cli.local.TopicAdmin;
import org.hermesml.core.InputException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code hermes submit}: brings the job to a Flink cluster and sees it run. */
@Command(
        name = "submit",
        description =
                "Submits the Hermes job to a Flink cluster; one running job serves many runs.")
public final class SubmitCommand implements Callable<Integer> {
    static final String MAIN_CLASS = "org.hermesml.job.HermesJob";

    @Spec private CommandSpec spec;

    @Mixin private MasterOptions options;

    @Option(
            names = "--flink",
            paramLabel = "URL",
            description = "REST address of the Flink cluster (default: the one in master.json).")
    private String flink;

    @Option(
            names = "--jar",
            paramLabel = "FILE",
            description = "The job (default: job/target/hermes-job.jar of the installation).")
    private Path jar;

    @Option(
            names = "--parallelism",
            paramLabel = "N",
            description =
                    "Subtasks of each operator (default: the cluster's free slots, at most 4).")
    private Integer parallelism;

    @Option(
            names = "--from",
            paramLabel = "PATH",
            description = "Savepoint or retained checkpoint to go on from.")
    private String from;

    @Override
    public Integer call() {
        MasterFile master = options.master();
        Path job = jar == null ? HermesHome.find().jobJar() : jar;
        if (!Files.isRegularFile(job)) {
            throw new InputException(
                    "There is no job jar at "
                            + job
                            + "; build it with mvn package or name another with --jar.");
        }
        FlinkRest rest = new FlinkRest(flink == null ? master.flink() : flink);
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
                new JobStart(job, MAIN_CLASS, args, subtasks)
                        .keptAliveOn(rest, Optional.ofNullable(from));
        PrintWriter out = spec.commandLine().getOut();
        out.println(
                "Job "
                        + id
                        + " runs with parallelism "
                        + subtasks
                        + ": "
                        + rest.address()
                        + "/#/job/running/"
                        + id);
        out.flush();
        return 0;
    }

    private int parallelism(FlinkRest.Overview cluster) {
        int wanted =
                parallelism == null ? Math.max(1, Math.min(4, cluster.slotsFree())) : parallelism;
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
}
