package org.hermesml.system;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.hermesml.cli.local.FlinkCluster;
import org.hermesml.cli.local.FlinkRest;
import org.hermesml.cli.local.HermesHome;
import org.hermesml.cli.local.Ports;

/**
 * A real installation, made with the commands that a person has: broker, Flink cluster, job, and
 * device processes, all in one folder and on free ports.
 */
final class Installation implements AutoCloseable {
    private static final Pattern MEMBER = Pattern.compile("(\\S+) +process (\\d+)");
    private static final Pattern JOB = Pattern.compile("Job ([0-9a-f]{32}) runs");

    private final Path dir;
    private final List<Launched> devices = new ArrayList<>();
    private final Thread undo = new Thread(this::endCluster, "end-cluster");
    private Launched broker;
    private String bootstrap;
    private String flink;
    private String job;

    private Installation(Path dir) {
        this.dir = dir;
    }

    /** Returns when the job runs. What was started is ended again when that fails. */
    static Installation start(Path dir) throws Exception {
        Installation made = new Installation(dir);
        try {
            made.start();
            return made;
        } catch (Exception | AssertionError e) {
            made.close();
            throw e;
        }
    }

    private void start() throws Exception {
        int port = Ports.free();
        int restPort = Ports.free();
        bootstrap = "localhost:" + port;
        flink = "http://localhost:" + restPort;
        Files.createDirectories(dir.resolve("conf"));
        Files.writeString(
                dir.resolve("conf/master.json"),
                "{\"bootstrap\": \"" + bootstrap + "\", \"flink\": \"" + flink + "\"}");
        // its processes outlive the command that starts them, and would outlive a broken-off build
        Runtime.getRuntime().addShutdownHook(undo);
        String brokerDir = dir.resolve("broker").toString();
        broker = Hermes.start(dir, "broker", "--port", "" + port, "--dir", brokerDir);
        broker.awaitWords("Kafka broker at " + bootstrap);
        Launched cluster =
                Hermes.run(
                        dir,
                        "cluster",
                        "start",
                        "--dir",
                        clusterDir(),
                        "--rest-port",
                        "" + restPort,
                        "--slots",
                        "2");
        cluster.expect(0);
        startJob("submit");
    }

    /** By {@code submit} or {@code resume}. */
    void startJob(String... words) throws Exception {
        Launched start = hermes(words);
        start.expect(0);
        Matcher said = JOB.matcher(start.out());
        assertTrue(said.find(), start::toString);
        job = said.group(1);
    }

    String bootstrap() {
        return bootstrap;
    }

    FlinkRest flink() {
        return new FlinkRest(flink);
    }

    /** Id of the job. */
    String job() {
        return job;
    }

    /** Runs a command that talks to this installation. */
    Launched hermes(String... words) throws Exception {
        return Hermes.run(dir, here(words));
    }

    /** As {@link #hermes}, for a command that lasts. */
    Launched begin(String... words) throws IOException {
        return Hermes.start(dir, here(words));
    }

    /** Starts a device process, as on a device. */
    Launched device(String id, String... more) throws IOException {
        List<String> words = new ArrayList<>(List.of("--bootstrap", bootstrap, "--id", id));
        words.addAll(List.of(more));
        Launched device = Hermes.device(dir, id, words.toArray(String[]::new));
        devices.add(device);
        return device;
    }

    RecordedRun run(String id) {
        return new RecordedRun(bootstrap, id);
    }

    /** The cluster's processes as {@code hermes cluster status} tells them. */
    Map<String, ProcessHandle> clusterMembers() throws Exception {
        Launched status = Hermes.run(dir, "cluster", "status", "--dir", clusterDir());
        Map<String, ProcessHandle> members = new TreeMap<>();
        Matcher found = MEMBER.matcher(status.out());
        while (found.find()) {
            ProcessHandle.of(Long.parseLong(found.group(2)))
                    .ifPresent(process -> members.put(found.group(1), process));
        }
        return members;
    }

    /** {@code hermes cluster stop} */
    Launched stopCluster() throws Exception {
        return Hermes.run(dir, "cluster", "stop", "--dir", clusterDir());
    }

    Launched broker() {
        return broker;
    }

    List<Launched> devices() {
        return devices;
    }

    @Override
    public void close() {
        devices.forEach(Launched::close);
        endCluster();
        Runtime.getRuntime().removeShutdownHook(undo);
        if (broker != null) {
            broker.close();
        }
    }

    private void endCluster() {
        new FlinkCluster(new HermesHome(Hermes.HOME), dir.resolve("cluster")).stop();
    }

    private String clusterDir() {
        return dir.resolve("cluster").toString();
    }

    private String[] here(String... words) {
        List<String> all = new ArrayList<>(List.of(words));
        all.addAll(List.of("--conf", dir.resolve("conf").toString()));
        return all.toArray(String[]::new);
    }
}
