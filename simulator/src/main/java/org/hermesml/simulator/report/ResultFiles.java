package org.hermesml.simulator.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.hermesml.simulator.RunResult;

/**
 * The results of runs as files. Fields are those of {@link RunResult}, in its order; where there is
 * no number, {@code null} or nothing.
 */
public final class ResultFiles {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final RecordComponent[] FIELDS = RunResult.class.getRecordComponents();

    private final Path folder;

    /**
     * @param folder made with the first file
     */
    public ResultFiles(Path folder) {
        this.folder = folder;
    }

    /**
     * Adds a line to {@code finished.jsonl}: what a campaign has done is there however it ends, in
     * the order in which the runs ended.
     */
    public void append(RunResult result) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(
                folder.resolve("finished.jsonl"),
                JSON.writeValueAsString(values(result)) + "\n",
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
    }

    /** Writes {@code results.json} and {@code results.csv}, replacing earlier ones whole. */
    public void write(List<RunResult> results) throws IOException {
        replace(
                "results.json",
                JSON.writer(SerializationFeature.INDENT_OUTPUT)
                                .writeValueAsString(
                                        results.stream().map(ResultFiles::values).toList())
                        + "\n");
        StringBuilder csv = new StringBuilder();
        csv.append(
                        Arrays.stream(FIELDS)
                                .map(RecordComponent::getName)
                                .collect(Collectors.joining(",")))
                .append('\n');
        for (RunResult result : results) {
            csv.append(
                            values(result).values().stream()
                                    .map(ResultFiles::cell)
                                    .collect(Collectors.joining(",")))
                    .append('\n');
        }
        replace("results.csv", csv.toString());
    }

    /** Writes a file whole or not at all. */
    public void replace(String name, String text) throws IOException {
        Files.createDirectories(folder);
        Path partial = folder.resolve(name + ".partial");
        Files.writeString(partial, text);
        Files.move(
                partial,
                folder.resolve(name),
                StandardCopyOption.REPLACE_EXISTING,
                StandardCopyOption.ATOMIC_MOVE);
    }

    private static Map<String, Object> values(RunResult result) {
        Map<String, Object> values = new LinkedHashMap<>();
        for (RecordComponent field : FIELDS) {
            try {
                Object value = field.getAccessor().invoke(result);
                boolean none = value instanceof Double d && !Double.isFinite(d);
                values.put(field.getName(), none ? null : value);
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(e);
            }
        }
        return values;
    }

    private static String cell(Object value) {
        String text = value == null ? "" : value.toString();
        return text.matches("[^\",\r\n]*") ? text : "\"" + text.replace("\"", "\"\"") + "\"";
    }
}
