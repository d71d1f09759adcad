package org.hermesml.system;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Starts programs as a person at a shell does: the launcher, and the program of a device. */
final class Hermes {
    /** The folder of the launcher. */
    static final Path HOME =
            Path.of(System.getProperty("hermes.home", "..")).toAbsolutePath().normalize();

    /** Starts {@code ./hermes WORDS}, its output going to files in {@code dir}. */
    static Launched start(Path dir, String... words) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(HOME.resolve("hermes").toString());
        command.addAll(List.of(words));
        return Launched.start(dir, "hermes-" + words[0], command);
    }

    /** Runs {@code ./hermes WORDS} to its end; what it left running goes on. */
    static Launched run(Path dir, String... words) throws Exception {
        return start(dir, words).ended();
    }

    /** Starts {@code java -jar hermes-edge-worker.jar WORDS}. */
    static Launched device(Path dir, String name, String... words) throws IOException {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-Xmx128m",
                                "-XX:+UseSerialGC",
                                "-jar",
                                HOME.resolve("edge-worker/target/hermes-edge-worker.jar")
                                        .toString()));
        command.addAll(List.of(words));
        return Launched.start(dir, name, command);
    }

    /** What {@code ./hermes train} left of a run in {@code out}. */
    static JsonNode summary(Path out) throws IOException {
        return new ObjectMapper().readTree(out.resolve("summary.json").toFile());
    }

    private Hermes() {}
}
