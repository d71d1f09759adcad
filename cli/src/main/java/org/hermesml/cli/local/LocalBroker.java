package org.hermesml.cli.local;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import org.hermesml.core.InputException;

/**
 * One Kafka broker on this machine, in a JVM of its own, with its data in a folder. Ends with this
 * program.
 */
public final class LocalBroker implements AutoCloseable {
    private static final Duration TRY = Duration.ofSeconds(2);
    private static final long READY_WITHIN_NANOS = Duration.ofSeconds(90).toNanos();

    private final ChildProcess process;
    private final String bootstrap;

    private LocalBroker(ChildProcess process, String bootstrap) {
        this.process = process;
        this.bootstrap = bootstrap;
    }

    /** A broker for this machine only, on a free port. Does not wait: call {@link #awaitReady}. */
    public static LocalBroker start(Path folder) {
        return start(folder, "localhost", Ports.free());
    }

    /**
     * Starts a broker and returns at once.
     *
     * @param folder holds its data, settings and log; a folder of an earlier broker goes on with
     *     what is in it
     * @param host the name by which others reach this machine; {@code localhost} listens to this
     *     machine only
     * @throws InputException when the port is in use
     */
    public static LocalBroker start(Path folder, String host, int port) {
        Ports.require(port, "Kafka broker", "--port");
        Path settings = folder.resolve("server.properties");
        try {
            Files.createDirectories(folder);
            try (Writer writer = Files.newBufferedWriter(settings)) {
                settings(folder.toAbsolutePath(), host, port, Ports.free())
                        .store(writer, "Written anew at each start.");
            }
        } catch (IOException e) {
            throw new InputException(
                    "The broker's folder "
                            + folder
                            + " cannot be written ("
                            + e.getMessage()
                            + "); choose another with --dir.",
                    e);
        }
        ChildProcess process =
                ChildCommand.java("broker", folder.resolve("broker.log"))
                        .heap("512m")
                        .jvm("-Dlog4j2.configurationFile=log4j2-child.properties")
                        .main(BrokerMain.class)
                        .args(settings.toString(), ParentWatch.OPTION)
                        .start();
        return new LocalBroker(process, host + ":" + port);
    }

    /**
     * Returns when the broker answers.
     *
     * @throws IllegalStateException when it ended instead, with the end of its log
     */
    public void awaitReady() {
        long end = System.nanoTime() + READY_WITHIN_NANOS;
        while (System.nanoTime() < end && process.isAlive()) {
            try {
                TopicAdmin.connect(bootstrap, TRY).close();
                return;
            } catch (InputException notYet) {
                // Nobody answers yet; whether it ever will shows in the loop's condition.
            }
        }
        String what =
                process.isAlive()
                        ? "does not answer"
                        : "ended with code " + process.exitCode().getAsInt();
        process.kill();
        throw new IllegalStateException(
                "The Kafka broker "
                        + what
                        + "; the end of "
                        + process.log()
                        + ":\n"
                        + process.lastLines(8));
    }

    /** {@code HOST:PORT} */
    public String bootstrap() {
        return bootstrap;
    }

    public ChildProcess process() {
        return process;
    }

    /** Completes with the exit code when the broker has ended. */
    public CompletableFuture<Integer> onExit() {
        return process.onExit();
    }

    @Override
    public void close() {
        process.close();
    }

    private static Properties settings(Path folder, String host, int port, int controllerPort) {
        String listenHost = host.equals("localhost") ? "localhost" : "0.0.0.0";
        Properties p = new Properties();
        p.put("process.roles", "broker,controller");
        p.put("node.id", "1");
        p.put("controller.quorum.voters", "1@localhost:" + controllerPort);
        p.put("controller.listener.names", "CONTROLLER");
        p.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        p.put(
                "listeners",
                "PLAINTEXT://"
                        + listenHost
                        + ":"
                        + port
                        + ",CONTROLLER://localhost:"
                        + controllerPort);
        p.put("advertised.listeners", "PLAINTEXT://" + host + ":" + port);
        p.put("log.dirs", folder.resolve("data").toString());
        // A topic that comes to be by being asked for would have the wrong shape.
        p.put("auto.create.topics.enable", "false");
        // One broker is all there is.
        p.put("default.replication.factor", "1");
        p.put("offsets.topic.replication.factor", "1");
        p.put("offsets.topic.num.partitions", "4");
        p.put("transaction.state.log.replication.factor", "1");
        p.put("transaction.state.log.min.isr", "1");
        p.put("transaction.state.log.num.partitions", "4");
        p.put("share.coordinator.state.topic.replication.factor", "1");
        p.put("share.coordinator.state.topic.min.isr", "1");
        p.put("group.initial.rebalance.delay.ms", "0");
        // Bounds of topics are bounds of the disk, not of what lies there five minutes later.
        p.put("log.retention.check.interval.ms", "10000");
        p.put("log.segment.bytes", String.valueOf(128 << 20));
        p.put("log.cleaner.dedupe.buffer.size", String.valueOf(16 << 20));
        return p;
    }
}
