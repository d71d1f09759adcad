package org.hermesml.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.hermesml.core.message.IterationReport;
import org.hermesml.edge.kafka.Connection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The jar as a device runs it. */
class ProcessIT {
    private static Process start(String... options) throws IOException {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xmx128m",
                                "-XX:+UseSerialGC",
                                "-jar",
                                Path.of("target", "hermes-edge-worker.jar").toString()));
        command.addAll(List.of(options));
        return new ProcessBuilder(command).start();
    }

    /** Reads standard error until a line holds {@code text}; returns all of it where none does. */
    private static String awaitLine(BufferedReader log, String text) throws IOException {
        StringBuilder seen = new StringBuilder();
        for (String line = log.readLine(); line != null; line = log.readLine()) {
            seen.append(line).append('\n');
            if (line.contains(text)) {
                break;
            }
        }
        return seen.toString();
    }

    @Test
    void aWorkerEndsWithItsParentAndAnEvaluatorWhenAsked() throws Exception {
        TestBroker broker = TestBroker.shared();
        broker.create(broker.connection("process-it.").topics().shared());
        String[] common = {"--bootstrap", broker.bootstrap(), "--topic-prefix", "process-it."};
        Process worker = start(with(common, "--id", "w", "--end-with-stdin"));
        Process evaluator = start(with(common, "--id", "e", "--role", "evaluator"));
        try (BufferedReader workerLog = worker.errorReader();
                BufferedReader evaluatorLog = evaluator.errorReader()) {
            String started = awaitLine(workerLog, "Following process-it.runs");
            assertTrue(started.contains("Worker w: heap"), started);
            awaitLine(evaluatorLog, "Following process-it.runs");
            worker.getOutputStream().close();
            evaluator.destroy();
            assertTrue(worker.waitFor(30, TimeUnit.SECONDS));
            assertTrue(evaluator.waitFor(30, TimeUnit.SECONDS));
            assertEquals(0, worker.exitValue());
            assertEquals(0, evaluator.exitValue());
        } finally {
            worker.destroyForcibly();
            evaluator.destroyForcibly();
        }
    }

    @Test
    void aWorkerTrainsInASmallHeapAndPlaysASlowerDevice(@TempDir Path dir) throws Exception {
        TestBroker broker = TestBroker.shared();
        Connection connection = broker.connection("small-it.");
        broker.create(connection.topics().shared());
        broker.create(connection.topics().ofRun("small"));
        Path settings =
                Files.writeString(
                        dir.resolve("settings.json"),
                        "{\"method\": \"hermes\", \"gate\": false, \"learning_rate\": 0.1}");
        String[] common = {"--bootstrap", broker.bootstrap(), "--topic-prefix", "small-it."};
        String[] run = {"--run", "small", "--dataset", "digits", "--model", "mlp"};
        List<String> publish = new ArrayList<>(List.of("publish"));
        publish.addAll(List.of(with(common, run)));
        publish.addAll(List.of("--settings", settings.toString()));
        Process publisher = start(publish.toArray(new String[0]));
        try (BufferedReader log = publisher.errorReader()) {
            String said = awaitLine(log, "nothing ends it early");
            assertEquals(0, publisher.waitFor(), said);
        }
        Process worker = start(with(common, "--id", "w", "--slowdown", "3", "--once", "small"));
        try (BufferedReader log = worker.errorReader();
                PlayedJob job = new PlayedJob(connection, "small", report -> "")) {
            job.play(3);
            String said = awaitLine(log, "nothing ends it early");
            assertEquals(0, worker.waitFor(), said);
            IterationReport last = job.reports.get(job.reports.size() - 1).getIteration();
            assertTrue(last.getResidentMemoryBytes() < 700L << 20, last.toString());
            assertTrue(last.getHeldOutAccuracy() > 0.5, last.toString());
        } finally {
            worker.destroyForcibly();
        }
    }

    @Test
    void badInputIsOneSentenceAndExitCodeTwo() throws Exception {
        TestBroker broker = TestBroker.shared();
        assertRefused("--id", "w", "--bootstrap", broker.bootstrap(), "--topic-prefix", "no-such.");
        assertRefused("--id", "w");
        assertRefused(
                "publish",
                "--bootstrap",
                broker.bootstrap(),
                "--run",
                "NOT/ALLOWED",
                "--dataset",
                "digits",
                "--model",
                "mlp");
        assertRefused("evaluate", "--model", "no-such-file.zip", "--dataset", "digits");
    }

    private static void assertRefused(String... options) throws Exception {
        Process process = start(options);
        try (BufferedReader log = process.errorReader()) {
            String said = awaitLine(log, "hermes-edge-worker");
            assertTrue(process.waitFor(60, TimeUnit.SECONDS));
            assertEquals(2, process.exitValue(), said);
            assertTrue(said.contains("hermes-edge-worker"), said);
        } finally {
            process.destroyForcibly();
        }
    }

    private static String[] with(String[] common, String... more) {
        List<String> all = new ArrayList<>(List.of(common));
        all.addAll(List.of(more));
        return all.toArray(new String[0]);
    }
}
