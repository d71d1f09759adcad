package org.hermesml.cli.run;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.hermesml.core.InputException;

/** Writes what a run leaves behind. */
public final class RunFiles {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final Duration STILL_WRITTEN = Duration.ofSeconds(3);

    static final String HISTORY_HEADER =
            "seconds,version,loss,accuracy,worker,weight,bytesUp,bytesDown";

    /**
     * A row for each model version; loss and accuracy stay empty where the evaluator skipped it.
     */
    static void writeHistory(Path file, List<HistoryRow> rows) throws IOException {
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            out.write(HISTORY_HEADER + "\n");
            for (HistoryRow r : rows) {
                out.write(
                        String.join(
                                        ",",
                                        String.format(Locale.ROOT, "%.3f", r.seconds()),
                                        Long.toString(r.version()),
                                        number(r.loss()),
                                        number(r.accuracy()),
                                        text(r.worker()),
                                        number(r.weight()),
                                        Long.toString(r.bytesUp()),
                                        Long.toString(r.bytesDown()))
                                + "\n");
            }
        }
    }

    public static void writeJson(Path file, ObjectNode content) throws IOException {
        Files.writeString(
                file, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(content) + "\n");
    }

    /**
     * @throws InputException when {@code folder}, which {@code --out} named, is there and not empty
     */
    public static void requireEmpty(Path folder) {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> inside = Files.list(folder)) {
            if (inside.findAny().isEmpty()) {
                return;
            }
        } catch (IOException e) {
            throw new InputException(
                    "--out " + folder + " is no folder that can be read; name an empty or new one.",
                    e);
        }
        throw new InputException("--out " + folder + " is not empty; name an empty or new folder.");
    }

    /**
     * Removes a folder with all that is in it, as far as that is possible. What has just been ended
     * may still write there for a moment.
     */
    public static void delete(Path folder) {
        long until = System.nanoTime() + STILL_WRITTEN.toNanos();
        while (Files.exists(folder)) {
            try {
                deleteOnce(folder);
                return;
            } catch (IOException | UncheckedIOException e) {
                if (System.nanoTime() > until) {
                    System.err.println(
                            "hermes: " + folder + " could not be removed: " + e.getMessage());
                    return;
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
            }
        }
    }

    private static void deleteOnce(Path folder) throws IOException {
        try (Stream<Path> inside = Files.walk(folder)) {
            for (Path path : inside.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }

    private static String number(double value) {
        return Double.isFinite(value) ? Double.toString(value) : "";
    }

    private static String text(String value) {
        boolean plain =
                value.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
        return plain ? value : '"' + value.replace("\"", "\"\"") + '"';
    }

    private RunFiles() {}
}
