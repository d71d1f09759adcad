package org.hermesml.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.hermesml.core.settings.Settings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code ./hermes train} as a person runs it, and what it leaves. */
class LocalTrainIT {
    private static final List<String> SUMMARY =
            List.of(
                    "run",
                    "method",
                    "dataset",
                    "model",
                    "parameters",
                    "workers",
                    "seed",
                    "reached",
                    "seconds",
                    "accuracy",
                    "heldOutAccuracy",
                    "loss",
                    "version",
                    "iterations",
                    "pushes",
                    "refused",
                    "bytesUp",
                    "bytesDown",
                    "bytesData",
                    "bytesControl");
    private static final String HISTORY =
            "seconds,version,loss,accuracy,worker,weight,bytesUp,bytesDown";
    private static final Pattern TRAINING = Pattern.compile(" iterations [1-9]");
    private static final int MLP_PARAMETERS = 109_386;
    private static final double ONE_OF_THE_TEST_SAMPLES = 1 / 2000.0;

    @TempDir Path dir;

    @Test
    void digitsReachTheTargetAndLeaveAWholeFolder() throws Exception {
        Path out = dir.resolve("out");
        Launched train = train(out, "--target-accuracy", "0.9", "--seed", "7");
        train.expect(0);
        assertEquals(List.of(), train.leftRunning());
        assertTrue(train.family().size() >= 4, () -> "processes: " + train.family());

        JsonNode summary = Hermes.summary(out);
        List<String> keys = new ArrayList<>();
        summary.fieldNames().forEachRemaining(keys::add);
        assertEquals(SUMMARY, keys.subList(0, SUMMARY.size()));
        assertEquals("hermes", summary.path("method").asText());
        assertEquals("digits", summary.path("dataset").asText());
        assertEquals("mlp", summary.path("model").asText());
        assertEquals(MLP_PARAMETERS, summary.path("parameters").asInt());
        assertEquals(2, summary.path("workers").asInt());
        assertEquals(7, summary.path("seed").asInt());
        assertEquals("target", summary.path("reached").asText());
        assertTrue(summary.path("heldOutAccuracy").asDouble() >= 0.9, summary::toString);
        assertTrue(summary.path("seconds").asDouble() > 0, summary::toString);
        assertTrue(summary.path("loss").asDouble() > 0, summary::toString);
        assertTrue(summary.path("version").asInt() >= 1, summary::toString);
        assertTrue(summary.path("pushes").asInt() >= 1, summary::toString);
        assertTrue(
                summary.path("iterations").asInt() >= summary.path("pushes").asInt(),
                summary::toString);
        // each push sends the whole model, a byte a parameter, its scales, and little around it
        double pushed = summary.path("bytesUp").asDouble() / summary.path("pushes").asInt();
        assertTrue(pushed > MLP_PARAMETERS && pushed < 1.05 * MLP_PARAMETERS, "" + pushed);
        for (String counted : List.of("bytesDown", "bytesData", "bytesControl")) {
            assertTrue(summary.path(counted).asLong() > 0, counted);
        }

        double accuracy = TestAccuracy.of(out.resolve("model.zip"), "digits", null, 7);
        assertEquals(accuracy, summary.path("accuracy").asDouble(), ONE_OF_THE_TEST_SAMPLES);
        assertTrue(accuracy > 0.87, "test accuracy " + accuracy);
        assertHistory(out);
        for (String log : List.of("hermes", "broker", "evaluator", "worker-1", "worker-2")) {
            assertTrue(Files.size(out.resolve("logs").resolve(log + ".log")) > 0, log);
        }
        // these two have nothing to say when all goes well
        for (String log : List.of("publish", "export")) {
            assertTrue(Files.exists(out.resolve("logs").resolve(log + ".log")), log);
        }
        JsonNode settings = new ObjectMapper().readTree(out.resolve("settings.json").toFile());
        assertEquals(Settings.all().size(), settings.size());
        assertEquals(7, settings.path("seed").asInt());
        assertFalse(Files.exists(out.resolve("server")), "the broker's data are left");
        assertTrue(train.out().strip().endsWith("lie in " + out), train::toString);
    }

    @Test
    void ctrlCInTheMiddleEndsEveryProcessAndTheFolderSaysSo() throws Exception {
        Path out = dir.resolve("out");
        try (Launched train = begin(out, "--target-accuracy", "1.1", "--set", "patience=1000000")) {
            train.await("it trains", () -> TRAINING.matcher(train.out()).find());
            train.interrupt();
            assertNotEquals(0, train.awaitEnd(), train::toString);
            assertTrue(train.family().size() >= 4, () -> "processes: " + train.family());
            assertEquals(List.of(), train.leftRunning());
        }
        assertEquals("stopped", Hermes.summary(out).path("reached").asText());
        assertTrue(Hermes.summary(out).path("iterations").asInt() >= 1);
        assertFalse(Files.exists(out.resolve("server")), "the broker's data are left");
    }

    @ParameterizedTest
    @ValueSource(strings = {"official", "bsp", "asp", "ssp", "selsync"})
    void everyMethodReachesATargetInGoodOrder(String method) throws Exception {
        Path out = dir.resolve("out");
        Launched train =
                train(
                        out,
                        "--method",
                        method,
                        "--target-accuracy",
                        "0.5",
                        // so that it is the target that ends the run, which a score must reach
                        "--set",
                        "patience=1000000",
                        // so that selsync synchronises often enough
                        "--set",
                        "selsync_delta=0.01");
        train.expect(0);
        assertEquals(List.of(), train.leftRunning());
        JsonNode summary = Hermes.summary(out);
        assertEquals(method, summary.path("method").asText());
        assertEquals("target", summary.path("reached").asText());
        assertTrue(summary.path("pushes").asInt() >= 1, summary::toString);
        assertTrue(summary.path("version").asInt() >= 1, summary::toString);
        assertTrue(summary.path("heldOutAccuracy").asDouble() >= 0.5, summary::toString);
        assertTrue(summary.path("accuracy").asDouble() > 0.4, summary::toString);
        assertHistory(out);
    }

    @Test
    void mnistIsTrainedFromItsFiles() throws Exception {
        String folder = System.getenv("HERMES_DATA");
        assumeTrue(
                folder != null && Files.isDirectory(Path.of(folder, "mnist")),
                "MNIST is not trained: the environment variable HERMES_DATA names no folder that holds mnist/");
        Path out = dir.resolve("out");
        Launched train = train(out, "--dataset", "mnist", "--target-accuracy", "0.85");
        train.expect(0);
        JsonNode summary = Hermes.summary(out);
        assertEquals("mnist", summary.path("dataset").asText());
        assertEquals("target", summary.path("reached").asText());
        double accuracy = TestAccuracy.of(out.resolve("model.zip"), "mnist", Path.of(folder), 1);
        assertEquals(accuracy, summary.path("accuracy").asDouble(), ONE_OF_THE_TEST_SAMPLES);
        assertTrue(accuracy > 0.82, "test accuracy " + accuracy);
    }

    /** A row for each version, none left out and none twice; time and bytes never go back. */
    private static void assertHistory(Path out) throws IOException {
        List<String> lines = Files.readAllLines(out.resolve("history.csv"));
        assertEquals(HISTORY, lines.get(0));
        assertEquals(
                Hermes.summary(out).path("versions").asInt(), lines.size() - 1, lines::toString);
        double seconds = 0;
        long bytesUp = 0;
        for (int version = 0; version + 1 < lines.size(); version++) {
            String[] row = lines.get(version + 1).split(",", -1);
            assertEquals(8, row.length, lines.get(version + 1));
            assertEquals(version, Integer.parseInt(row[1]));
            assertTrue(Double.parseDouble(row[0]) >= seconds, lines::toString);
            assertTrue(Long.parseLong(row[6]) >= bytesUp, lines::toString);
            seconds = Double.parseDouble(row[0]);
            bytesUp = Long.parseLong(row[6]);
        }
        assertTrue(bytesUp > 0, lines::toString);
    }

    private Launched train(Path out, String... more) throws Exception {
        return begin(out, more).ended();
    }

    private Launched begin(Path out, String... more) throws IOException {
        List<String> words = new ArrayList<>(List.of("train", "--workers", "2"));
        words.addAll(List.of("--out", out.toString(), "--max-time", "10m"));
        words.addAll(List.of("--set", "samples=500", "--set", "local_epochs=1"));
        words.addAll(List.of(more));
        return Hermes.start(dir, words.toArray(String[]::new));
    }
}
