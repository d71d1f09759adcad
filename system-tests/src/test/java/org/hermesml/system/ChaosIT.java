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
 * A few faults, one of each kind, in a run that trains: nothing is lost and nothing counts twice.
 */
class ChaosIT {
    private static final int KILLS = 5;

    @TempDir Path dir;

    @Test
    void nothingIsLostOrDoubledWhenProcessesAreKilled() throws Exception {
        Path out = dir.resolve("out");
        try (Launched chaos =
                Hermes.start(
                        dir,
                        "chaos",
                        "--kills",
                        "" + KILLS,
                        "--seed",
                        "23",
                        "--minutes",
                        "20",
                        "--workers",
                        "2",
                        "--out",
                        out.toString())) {
            assertEquals(0, chaos.awaitLongEnd(), chaos::toString);
            assertEquals(List.of(), chaos.leftRunning());
        }
        JsonNode found = new ObjectMapper().readTree(out.resolve("chaos.json").toFile());
        assertTrue(found.path("reached").asBoolean(), found::toString);
        assertEquals(KILLS, found.path("kills").asInt());
        assertEquals(0, found.path("lost").asInt(), found::toString);
        assertEquals(0, found.path("doubled").asInt(), found::toString);
        assertTrue(found.path("replayEqual").asBoolean(), found::toString);
        assertTrue(found.path("admitted").asInt() > KILLS, found::toString);
        assertFalse(Files.exists(out.resolve("data")), "the data go when all went well");
    }
}
