package org.hermesml.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

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
