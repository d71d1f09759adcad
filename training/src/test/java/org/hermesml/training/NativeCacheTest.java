package org.hermesml.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativeCacheTest {
    @TempDir Path dir;

    @Test
    void twoProcessesAtOnceShareOneFolder() throws Exception {
        List<Process> processes = List.of(start(), start());
        for (Process process : processes) {
            String output =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertEquals(0, process.waitFor(), output);
            assertTrue(output.contains("in " + dir.toAbsolutePath()), output);
        }
        try (Stream<Path> folders = Files.list(dir)) {
            List<Path> builds = folders.toList();
            assertEquals(1, builds.size(), builds::toString);
            assertTrue(Files.exists(builds.get(0).resolve("ready")));
        }
        try (Stream<Path> files = Files.walk(dir)) {
            assertEquals(
                    1,
                    files.filter(file -> file.endsWith(System.mapLibraryName("nd4jcpu"))).count());
        }
    }

    private Process start() throws IOException {
        String classPath =
                System.getProperty(
                        "surefire.test.class.path", System.getProperty("java.class.path"));
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-cp",
                        classPath,
                        NativeCacheUser.class.getName(),
                        dir.toString())
                .redirectErrorStream(true)
                .start();
    }

    /** A process as a worker would start. */
    static final class NativeCacheUser {
        public static void main(String[] arguments) {
            Path folder = NativeCache.use(Path.of(arguments[0]));
            System.out.println(Engines.checkFastPath(1).description() + " in " + folder);
        }
    }
}
