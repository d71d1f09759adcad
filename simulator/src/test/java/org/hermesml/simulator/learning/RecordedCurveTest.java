package org.hermesml.simulator.learning;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.hermesml.core.settings.Settings;
import org.hermesml.simulator.Workload;
import org.junit.jupiter.api.Test;

/** With {@code -Dhermes.rewrite=true} and MNIST at hand the recording is made anew. */
class RecordedCurveTest {
    private static final Path FILE =
            Path.of("src/main/resources/org/hermesml/simulator/learning", RecordedCurve.MNIST);
    private static final List<String> HEAD =
            List.of(
                    "# Samples learnt from, held-out loss, held-out accuracy: the mlp on MNIST, sequential SGD,",
                    "# learning rate 0.1, mini-batch 16, seed 1, five passes. Made by RecordedCurveTest:",
                    "# HERMES_DATA=... mvn -pl simulator -am test -Dtest=RecordedCurveTest -Dhermes.rewrite=true");

    @Test
    void theRecordingCanBeMadeAnew() throws IOException {
        assumeTrue(Boolean.getBoolean("hermes.rewrite"), "nobody asked for a new recording");
        assumeTrue(System.getenv("HERMES_DATA") != null, "HERMES_DATA names no folder with MNIST");
        Settings settings = Settings.of(Map.of("seed", "1", "learning_rate", "0.1"));
        List<String> lines = new ArrayList<>(HEAD);
        lines.addAll(
                RecordedCurve.record(Workload.prepare("mnist", null, "mlp", settings), 5).lines());
        Files.createDirectories(FILE.getParent());
        Files.write(FILE, lines);
    }

    @Test
    void theRecordingLearns() {
        RecordedCurve curve = RecordedCurve.read(RecordedCurve.MNIST);
        int last = curve.samples().length - 1;
        assertEquals(0, curve.samples()[0]);
        assertTrue(curve.losses()[0] > 2 && curve.accuracies()[0] < 0.3, "it begins with noise");
        assertTrue(curve.accuracies()[last] > 0.97, "it ends beyond the usual target");
        for (int i = 1; i <= last; i++) {
            assertTrue(curve.samples()[i] > curve.samples()[i - 1], "point " + i);
        }
    }

    @Test
    void aRecordingIsReadAsItIsWritten() {
        Settings settings = Settings.of(Map.of("seed", "1", "learning_rate", "0.1"));
        RecordedCurve curve =
                RecordedCurve.record(Workload.prepare("digits", null, "mlp", settings), 1);
        RecordedCurve read = RecordedCurve.of(Stream.concat(HEAD.stream(), curve.lines().stream()));
        assertEquals(800, read.samples()[1]);
        assertArrayEquals(curve.samples(), read.samples());
        assertArrayEquals(curve.losses(), read.losses(), 1e-5);
        assertArrayEquals(curve.accuracies(), read.accuracies(), 1e-4);
        assertTrue(curve.losses()[curve.losses().length - 1] < curve.losses()[0]);
    }
}
