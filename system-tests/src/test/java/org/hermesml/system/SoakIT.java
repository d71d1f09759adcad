package org.hermesml.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A minute of runs that come and go: everything is counted and measured. What grows does not show
 * in a minute: that is for {@code ./hermes soak}.
 */
class SoakIT {
    @TempDir Path dir;

    @Test
    void runsComeAndGoAndEveryProcessIsMeasured() throws Exception {
        Path out = dir.resolve("out");
        try (Launched soak =
                Hermes.start(
                        dir,
                        "soak",
                        "--minutes",
                        "1",
                        "--devices",
                        "20",
                        "--runs",
                        "2",
                        "--out",
                        out.toString())) {
            soak.awaitLongEnd();
            assertEquals(List.of(), soak.leftRunning());
            JsonNode found = new ObjectMapper().readTree(out.resolve("soak.json").toFile());
            assertEquals(0, found.path("faults").size(), found::toString);
            assertTrue(found.path("runs").asInt() >= 2, found::toString);
            assertTrue(found.path("trainedRuns").asInt() >= 1, found::toString);
            assertTrue(found.path("iterations").asInt() > 20, found::toString);
            assertTrue(found.path("admitted").asInt() > 20, found::toString);
            for (String measured :
                    List.of(
                            "broker heap",
                            "jobmanager heap",
                            "taskmanager-1 heap",
                            "taskmanager-2 resident",
                            "worker resident",
                            "evaluator heap",
                            "Kafka records",
                            "RocksDB files",
                            "checkpoints")) {
                assertTrue(
                        found.path("measured").path(measured).path("last").asDouble() > 0,
                        () -> measured + ": " + found);
            }
            assertFalse(Files.exists(out.resolve("data")), "the data go when all went well");
        }
    }
}
