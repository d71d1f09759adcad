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

    /** Of each generation or of the one heap; that of classes is told with another word before. */
    private static final Pattern HEAP =
            Pattern.compile("(?m)^\\s*(?!Metaspace|class space)[a-zA-Z][^\\n]*?\\bused (\\d+)K");

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
     * Bytes that a JVM's heap holds after a full collection, which this asks for; empty likewise.
     */
    static OptionalLong heapAfterCollection(long pid) {
        return jcmd(pid, "GC.run").isEmpty()
                ? OptionalLong.empty()
                : used(jcmd(pid, "GC.heap_info"));
    }

    /** From what {@code jcmd PID GC.heap_info} says. */
    static OptionalLong used(String heapInfo) {
        Matcher found = HEAP.matcher(heapInfo);
        long bytes = 0;
        while (found.find()) {
            bytes += Long.parseLong(found.group(1)) * 1024;
        }
        return bytes == 0 ? OptionalLong.empty() : OptionalLong.of(bytes);
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

    /** Bytes of all files below; files that go meanwhile count as gone. */
    static long ofFiles(Path folder) {
        AtomicLong bytes = new AtomicLong();
        try {
            Files.walkFileTree(
                    folder,
                    new SimpleFileVisitor<>() {
                        @Override
                        public FileVisitResult visitFile(Path file, BasicFileAttributes about) {
                            bytes.addAndGet(about.size());
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
