package org.hermesml.cli.soak;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What processes and folders of this machine take. */
final class Memory {
    private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+(\\d+) kB");

    private static final Pattern LIVE = Pattern.compile("(?m)^Total\\s+\\d+\\s+(\\d+)\\s*$");

    /** Bytes in memory; empty where the process is gone or the system does not tell. */
    static OptionalLong resident(long pid) {
        try {
            Matcher found = RESIDENT.matcher(Files.readString(Path.of("/proc/" + pid + "/status")));
            return found.find()
                    ? OptionalLong.of(Long.parseLong(found.group(1)) * 1024)
                    : OptionalLong.empty();
        } catch (IOException e) {
            return OptionalLong.empty();
        }
    }

    /**
     * Bytes of the objects that a full collection, which this asks for, leaves in a JVM's heap;
     * empty likewise.
     */
    static OptionalLong heapAfterCollection(long pid) {
        return live(jcmd(pid, "GC.class_histogram"));
    }

    /** From what {@code jcmd PID GC.class_histogram} says. */
    static OptionalLong live(String histogram) {
        Matcher found = LIVE.matcher(histogram);
        return found.find()
                ? OptionalLong.of(Long.parseLong(found.group(1)))
                : OptionalLong.empty();
    }

    private static String jcmd(long pid, String question) {
        Path program = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        try {
            Process process =
                    new ProcessBuilder(program.toString(), Long.toString(pid), question)
                            .redirectErrorStream(true)
                            .start();
            process.getOutputStream().close();
            String said =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return process.waitFor() == 0 ? said : "";
        } catch (IOException e) {
            return "";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "";
        }
    }

    /**
     * Bytes of all files below whose name ends so; files that go meanwhile count as gone.
     *
     * @param ending empty: all files
     */
    static long ofFiles(Path folder, String ending) {
        AtomicLong bytes = new AtomicLong();
        try {
            Files.walkFileTree(
                    folder,
                    new SimpleFileVisitor<>() {
                        @Override
                        public FileVisitResult visitFile(Path file, BasicFileAttributes about) {
                            if (file.toString().endsWith(ending)) {
                                bytes.addAndGet(about.size());
                            }
                            return FileVisitResult.CONTINUE;
                        }

                        @Override
                        public FileVisitResult visitFileFailed(Path file, IOException e)
                                throws IOException {
                            if (e instanceof NoSuchFileException) {
                                return FileVisitResult.CONTINUE;
                            }
                            throw e;
                        }

                        @Override
                        public FileVisitResult postVisitDirectory(Path dir, IOException e) {
                            return FileVisitResult.CONTINUE;
                        }
                    });
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot measure " + folder + ": " + e, e);
        }
        return bytes.get();
    }

    private Memory() {}
}
