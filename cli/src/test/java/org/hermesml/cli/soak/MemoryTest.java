package org.hermesml.cli.soak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemoryTest {
    @Test
    void theLastLineOfAHistogramIsWhatLives() {
        String said =
                """
                4242:
                 num     #instances         #bytes  class name (module)
                -------------------------------------------------------
                   1:         84021        9437184  [B (java.base@17.0.9)
                   2:           900          28800  org.example.Total
                Total        185290       14041168
                """;
        assertEquals(OptionalLong.of(14041168), Memory.live(said));
        assertEquals(OptionalLong.empty(), Memory.live("4242:\n"));
    }

    @Test
    void thisProcessIsMeasured() {
        long pid = ProcessHandle.current().pid();
        assertTrue(Memory.resident(pid).getAsLong() > 1 << 20);
        assertTrue(Memory.heapAfterCollection(pid).getAsLong() > 1 << 20);
        assertTrue(Memory.resident(Integer.MAX_VALUE).isEmpty());
        assertTrue(Memory.heapAfterCollection(Integer.MAX_VALUE).isEmpty());
    }

    @Test
    void filesAddUpThroughAllFolders(@TempDir Path dir) throws Exception {
        Files.write(Files.createDirectories(dir.resolve("a/b")).resolve("c"), new byte[1000]);
        Files.write(dir.resolve("d"), new byte[24]);
        assertEquals(1024, Memory.ofFiles(dir, ""));
        assertEquals(24, Memory.ofFiles(dir, "d"));
        assertEquals(0, Memory.ofFiles(dir.resolve("none"), ""));
    }
}
