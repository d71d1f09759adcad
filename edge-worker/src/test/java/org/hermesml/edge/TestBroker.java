package org.hermesml.edge;

import java.io.IOException;
import java.io.PrintStream;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.MetadataVersion;
import org.hermesml.core.wire.Topics;
import org.hermesml.edge.kafka.Connection;

/** One real broker for all integration tests of this module; tests keep apart by topic prefix. */
public final class TestBroker {
    private static TestBroker shared;

    private final KafkaRaftServer server;
    private final String bootstrap;
    private final int slowPort;
    private final int linkPort;

    /** Started by whoever asks first, stopped with the JVM. */
    public static synchronized TestBroker shared() throws Exception {
        if (shared == null) {
            shared = new TestBroker(Files.createTempDirectory("hermes-broker"));
        }
        return shared;
    }

    private TestBroker(Path dir) throws Exception {
        int port = freePort();
        int controllerPort = freePort();
        slowPort = freePort();
        linkPort = freePort();
        bootstrap = "localhost:" + port;
        Properties config = new Properties();
        config.put("process.roles", "broker,controller");
        config.put("node.id", "1");
        config.put("controller.quorum.voters", "1@localhost:" + controllerPort);
        config.put(
                "listeners",
                "PLAINTEXT://localhost:"
                        + port
                        + ",SLOW://localhost:"
                        + slowPort
                        + ",CONTROLLER://localhost:"
                        + controllerPort);
        config.put(
                "advertised.listeners",
                "PLAINTEXT://localhost:" + port + ",SLOW://localhost:" + linkPort);
        config.put("inter.broker.listener.name", "PLAINTEXT");
        config.put("controller.listener.names", "CONTROLLER");
        config.put(
                "listener.security.protocol.map",
                "PLAINTEXT:PLAINTEXT,SLOW:PLAINTEXT,CONTROLLER:PLAINTEXT");
        config.put("log.dirs", dir.toString());
        config.put("broker.session.timeout.ms", "60000");
        config.put("auto.create.topics.enable", "false");
        config.put("offsets.topic.replication.factor", "1");
        config.put("transaction.state.log.replication.factor", "1");
        config.put("transaction.state.log.min.isr", "1");
        config.put("share.coordinator.state.topic.replication.factor", "1");
        config.put("share.coordinator.state.topic.min.isr", "1");
        new Formatter()
                .setPrintStream(new PrintStream(PrintStream.nullOutputStream()))
                .setNodeId(1)
                .setClusterId(Uuid.randomUuid().toString())
                .setControllerListenerName("CONTROLLER")
                .addDirectory(dir.toString())
                .setMetadataLogDirectory(dir.toString())
                .setReleaseVersion(MetadataVersion.LATEST_PRODUCTION)
                .run();
        server = new KafkaRaftServer(new KafkaConfig(config, false), Time.SYSTEM);
        server.startup();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(dir)));
    }

    private void stop(Path dir) {
        server.shutdown();
        server.awaitShutdown();
        try (Stream<Path> files = Files.walk(dir)) {
            files.sorted(Comparator.reverseOrder()).forEach(f -> f.toFile().delete());
        } catch (IOException e) {
            System.err.println("Left behind: " + dir);
        }
    }

    /** Of those that no outgoing connection is given: it has to stay free until it is bound. */
    private static int freePort() {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(15_000, 32_000);
            try (ServerSocket socket = new ServerSocket(port)) {
                return socket.getLocalPort();
            } catch (IOException e) {
                // Taken: another one.
            }
        }
    }

    public String bootstrap() {
        return bootstrap;
    }

    /**
     * All that a device says to this broker, and hears, when it comes by {@link #slowBootstrap}.
     * One at a time.
     */
    SlowLink link(int bytesPerSecond) throws IOException {
        return new SlowLink(linkPort, slowPort, bytesPerSecond);
    }

    /** There while a {@link #link} is. */
    String slowBootstrap() {
        return "localhost:" + linkPort;
    }

    public Connection connection(String prefix) {
        return new Connection(bootstrap, new Topics(prefix));
    }

    public void create(List<Topics.Topic> topics) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            admin.createTopics(
                            topics.stream()
                                    .map(
                                            t ->
                                                    new NewTopic(
                                                                    t.name(),
                                                                    t.partitions(),
                                                                    (short) 1)
                                                            .configs(t.config()))
                                    .toList())
                    .all()
                    .get();
            List<String> names = topics.stream().map(Topics.Topic::name).toList();
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
            while (!knows(admin, names)) {
                if (System.nanoTime() > deadline) {
                    throw new AssertionError("The broker does not learn of " + names);
                }
                TimeUnit.MILLISECONDS.sleep(20);
            }
        }
    }

    /** The controller creates topics; the broker hears of them a little later. */
    private static boolean knows(Admin admin, List<String> names) throws Exception {
        try {
            admin.describeTopics(names).allTopicNames().get();
            return true;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return false;
            }
            throw e;
        }
    }
}
