package org.hermesml.system;

import java.nio.file.Path;
import java.time.Duration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.hermesml.cli.local.FlinkMiniCluster;
import org.hermesml.cli.local.HermesHome;
import org.hermesml.cli.local.LocalBroker;
import org.hermesml.cli.local.TopicAdmin;
import org.hermesml.core.wire.Topics;
import org.hermesml.job.HermesJob;
import org.hermesml.job.JobSettings;

/** A broker in a process of its own, and the job on a small cluster in this one. */
final class SmallInstallation implements AutoCloseable {
    static final Topics TOPICS = new Topics(Topics.DEFAULT_PREFIX);

    private final LocalBroker broker;
    private final FlinkMiniCluster flink;
    private final FlinkMiniCluster.Submitted job;

    private SmallInstallation(
            LocalBroker broker, FlinkMiniCluster flink, FlinkMiniCluster.Submitted job) {
        this.broker = broker;
        this.flink = flink;
        this.job = job;
    }

    /** Returns when the job is submitted. What was started is ended again when that fails. */
    static SmallInstallation start(Path dir, Duration checkpoints) {
        LocalBroker broker = LocalBroker.start(dir.resolve("broker"));
        FlinkMiniCluster flink = null;
        try {
            broker.awaitReady();
            try (TopicAdmin admin = TopicAdmin.connect(broker.bootstrap())) {
                admin.create(TOPICS.shared());
            }
            HermesHome home = new HermesHome(Hermes.HOME);
            flink = FlinkMiniCluster.start(home, dir.resolve("flink"), 2, 0);
            StreamExecutionEnvironment env = flink.environment();
            HermesJob.build(env, new JobSettings(broker.bootstrap(), TOPICS, 2, checkpoints));
            return new SmallInstallation(broker, flink, flink.submit(env, HermesJob.NAME));
        } catch (RuntimeException e) {
            if (flink != null) {
                flink.close();
            }
            broker.close();
            throw e;
        }
    }

    String bootstrap() {
        return broker.bootstrap();
    }

    FlinkMiniCluster flink() {
        return flink;
    }

    FlinkMiniCluster.Submitted job() {
        return job;
    }

    @Override
    public void close() {
        flink.close();
        broker.close();
    }
}
