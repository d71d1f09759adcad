package org.hermesml.cli.run;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.hermesml.cli.local.FlinkMiniCluster;
import org.hermesml.cli.local.HermesHome;
import org.hermesml.cli.local.LocalBroker;
import org.hermesml.cli.local.TopicAdmin;
import org.hermesml.core.wire.Topics;
import org.hermesml.job.HermesJob;
import org.hermesml.job.JobSettings;

/** The server side of a local run: a broker in a JVM of its own, and the Flink job in this one. */
final class LocalServer implements AutoCloseable {
    private static final String BROKER = "broker";
    private static final int PARALLELISM = 2;
    private static final Duration CHECKPOINT_INTERVAL = Duration.ofSeconds(5);

    private final LocalBroker broker;
    private final CompletableFuture<FlinkMiniCluster> flink;
    private final KafkaSite kafka;
    private FlinkMiniCluster.Submitted job;
    private boolean closing;

    private LocalServer(
            LocalBroker broker, CompletableFuture<FlinkMiniCluster> flink, KafkaSite kafka) {
        this.broker = broker;
        this.flink = flink;
        this.kafka = kafka;
    }

    /** Returns when the broker answers and all topics are there; Flink may still be on its way. */
    static LocalServer start(HermesHome home, Path folder, String run) {
        Topics topics = new Topics(Topics.DEFAULT_PREFIX);
        LocalBroker broker = LocalBroker.start(folder.resolve(BROKER));
        // side by side: each takes about as long as the other
        CompletableFuture<FlinkMiniCluster> flink =
                CompletableFuture.supplyAsync(
                        () ->
                                FlinkMiniCluster.start(
                                        home, folder.resolve("flink"), PARALLELISM, 0));
        LocalServer server =
                new LocalServer(broker, flink, new KafkaSite(broker.bootstrap(), topics));
        try {
            awaitReady(broker);
            try (TopicAdmin admin = TopicAdmin.connect(broker.bootstrap())) {
                List<Topics.Topic> all = new ArrayList<>(topics.shared());
                all.addAll(topics.ofRun(run));
                admin.create(all);
            }
            return server;
        } catch (RuntimeException e) {
            server.close();
            throw e;
        }
    }

    /** Where the broker of a server in {@code folder} writes its log. */
    static Path brokerLog(Path folder) {
        return folder.resolve(BROKER).resolve("broker.log");
    }

    private static void awaitReady(LocalBroker broker) {
        try {
            broker.awaitReady();
        } catch (IllegalStateException e) {
            String reason = EdgeTask.reason(broker.process().lastLines(20));
            throw new RunFailure(
                    "The broker of this run did not come up within 90 s or ended"
                            + (reason.isEmpty() ? "" : "; the last it said is: " + reason),
                    e);
        }
    }

    KafkaSite kafka() {
        return kafka;
    }

    /** Returns when Flink has taken the job; the address of its web UI. */
    URI startJob() {
        FlinkMiniCluster cluster = cluster();
        StreamExecutionEnvironment env = cluster.environment();
        HermesJob.build(
                env,
                new JobSettings(
                        kafka.bootstrap(), kafka.topics(), PARALLELISM, CHECKPOINT_INTERVAL));
        job = cluster.submit(env, HermesJob.NAME);
        return cluster.rest();
    }

    /** Address of the web UI, once Flink is up. */
    URI ui() {
        return cluster().rest();
    }

    private FlinkMiniCluster cluster() {
        try {
            return flink.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    /** Why no run can go on here. */
    Optional<String> fault() {
        if (closing) {
            return Optional.empty();
        }
        if (!broker.process().isAlive()) {
            return Optional.of(
                    "the broker ended: " + EdgeTask.reason(broker.process().lastLines(50)));
        }
        if (job != null && job.ended().isDone()) {
            FlinkMiniCluster.Ended ended = job.ended().join();
            return Optional.of(
                    "the Flink job ended ("
                            + ended.status()
                            + ")"
                            + (ended.fault().isEmpty() ? "" : ": " + ended.fault()));
        }
        return Optional.empty();
    }

    @Override
    public void close() {
        closing = true;
        // the job first: it would go on asking for a broker that is gone
        flink.handle(
                        (cluster, fault) -> {
                            if (cluster != null) {
                                cluster.close();
                            }
                            return null;
                        })
                .join();
        broker.close();
    }
}
