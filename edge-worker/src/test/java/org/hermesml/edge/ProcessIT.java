package org.hermesml.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.hermesml.core.message.IterationReport;
import org.hermesml.core.message.Report;
import org.hermesml.edge.kafka.Connection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The jar as a device runs it. */
class ProcessIT {
    @Test
    void aWorkerEndsWithItsParentAndAnEvaluatorWhenAsked() throws Exception {
        Connection connection = TestBroker.shared().connection("process-it.");
        TestBroker.shared().create(connection.topics().shared());
        try (WorkerProcess worker = start(connection, "--id", "w", "--end-with-stdin");
                WorkerProcess evaluator = start(connection, "--id", "e", "--role", "evaluator")) {
            worker.awaitSaid("Following process-it.runs");
            assertTrue(worker.hasSaid("Worker w: heap"), worker.said + "");
            evaluator.awaitSaid("Following process-it.runs");
            worker.endInput();
            evaluator.ask();
            assertEquals(0, worker.awaitEnd(), worker.said + "");
            assertEquals(0, evaluator.awaitEnd(), evaluator.said + "");
        }
    }

    @Test
    void aWorkerTrainsInASmallHeapAndPlaysASlowerDevice(@TempDir Path dir) throws Exception {
        Connection connection = TestBroker.shared().connection("small-it.");
        TestBroker.shared().create(connection.topics().shared());
        TestBroker.shared().create(connection.topics().ofRun("small"));
        Path settings =
                Files.writeString(
                        dir.resolve("settings.json"),
                        "{\"method\": \"hermes\", \"gate\": false, \"learning_rate\": 0.1}");
        String[] publish = TestRuns.publication(connection, "small", settings);
        try (WorkerProcess publisher = new WorkerProcess(publish)) {
            assertEquals(0, publisher.awaitEnd(), publisher.said + "");
        }
        try (WorkerProcess worker =
                        start(connection, "--id", "w", "--slowdown", "3", "--once", "small");
                PlayedJob job = new PlayedJob(connection, "small", report -> "")) {
            job.play(3);
            assertEquals(0, worker.awaitEnd(), worker.said + "");
            IterationReport last =
                    job.reports.stream()
                            .filter(Report::hasIteration)
                            .reduce((first, second) -> second)
                            .orElseThrow()
                            .getIteration();
            assertTrue(last.getResidentMemoryBytes() < 700L << 20, last.toString());
            assertTrue(last.getHeldOutAccuracy() > 0.5, last.toString());
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

    private static WorkerProcess start(Connection connection, String... options)
            throws IOException {
        return new WorkerProcess(TestRuns.with(connection, "", options));
    }

    private static void assertRefused(String... options) throws Exception {
        try (WorkerProcess process = new WorkerProcess(options)) {
            assertEquals(2, process.awaitEnd(), process.said + "");
            assertTrue(process.hasSaid("hermes-edge-worker"), process.said + "");
        }
    }
}
