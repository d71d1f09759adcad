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
    void theGenerationsOfASerialHeapAddUp() {
        String said =
                """
                4242:
                 def new generation   total 39296K, used 3K [0x00000000f8000000, 0x00000000faaa0000)
                  eden space 34944K,   4% used [0x00000000f8000000, 0x00000000f8157c00)
                  from space 4352K,   0% used [0x00000000fa220000, 0x00000000fa220000)
                 tenured generation   total 87424K, used 20K [0x00000000faaa0000, 0x0000000100000000)
                   the space 87424K,  34% used [0x00000000faaa0000, 0x00000000fc8a0000)
                 Metaspace       used 5000K, committed 5200K, reserved 1056768K
                  class space    used 500K, committed 600K, reserved 1048576K
                """;
        assertEquals(OptionalLong.of(23 * 1024), Memory.used(said));
    }

    @Test
    void aHeapOfRegionsIsOne() {
        String said =
                """
                4242:
                 garbage-first heap   total 262144K, used 20480K [0x00000000f0000000, 0x0000000100000000)
                  region size 1024K, 3 young (3072K), 2 survivors (2048K)
                 Metaspace       used 5000K, committed 5200K, reserved 1056768K
                  class space    used 500K, committed 600K, reserved 1048576K
                """;
        assertEquals(OptionalLong.of(20480 * 1024), Memory.used(said));
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
        assertEquals(1024, Memory.ofFiles(dir));
        assertEquals(0, Memory.ofFiles(dir.resolve("none")));
    }
}
