package org.hermesml.cli.local;

import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.hermesml.core.wire.Topics;

/**
 * Broker, JobManager, TaskManagers (one of them on standby) and the job in them, as processes of
 * this machine that end no later than this program, each started again when it ends. Any thread may
 * call.
 */
public final class ServerProcesses implements AutoCloseable {
    private static final int TASK_MANAGERS = 2;
    private static final int SLOTS = 2;

    private final Thread undo = new Thread(this::endCluster, "end-cluster");
    private final KeptBroker broker;
    private final FlinkCluster cluster;
    private final FlinkRest rest;
    private final String job;

    private ServerProcesses(
            HermesHome home, Path data, Collection<Topics.Topic> topics, Consumer<String> words) {
        broker = KeptBroker.start(data.resolve("broker"), "localhost", Ports.free(), words);
        cluster = new FlinkCluster(home, data.resolve("cluster"));
        // One that stands still hears no request to end, and its supervisor may be gone by then.
        Runtime.getRuntime().addShutdownHook(undo);
        try {
            rest = cluster.startWithin(Ports.free(), TASK_MANAGERS, SLOTS);
            try (TopicAdmin admin = TopicAdmin.connect(broker.bootstrap())) {
                admin.create(topics);
            }
            List<String> args =
                    List.of("--bootstrap", broker.bootstrap(), "--parallelism", "" + SLOTS);
            job =
                    new JobStart(home.jobJar(), HermesJobs.MAIN_CLASS, args, SLOTS)
                            .keptAliveOn(rest, Optional.empty());
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /**
     * Returns when the job runs.
     *
     * @param data folder that takes all that they keep
     * @param topics that are made first
     * @param words told what is started again, for people
     */
    public static ServerProcesses start(
            HermesHome home, Path data, Collection<Topics.Topic> topics, Consumer<String> words) {
        return new ServerProcesses(home, data, topics, words);
    }

    public String bootstrap() {
        return broker.bootstrap();
    }

    /** The broker of now; it may have ended already. */
    public ChildProcess broker() {
        return broker.process();
    }

    public FlinkRest rest() {
        return rest;
    }

    /** The first one: another takes its place where a JobManager dies. */
    public String job() {
        return job;
    }

    /** The processes of the cluster that run now. */
    public List<FlinkCluster.Member> members() {
        return cluster.members();
    }

    @Override
    public void close() {
        endCluster();
        try {
            Runtime.getRuntime().removeShutdownHook(undo);
        } catch (IllegalStateException e) {
            // the program is ending, and the hook finds nothing left to do
        }
        broker.close();
    }

    private void endCluster() {
        cluster.stop();
    }
}
