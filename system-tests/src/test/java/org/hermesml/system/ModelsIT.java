package org.hermesml.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models as files, in and out of real runs, and training that gives NaN. */
class ModelsIT {
    private static final Pattern ACCURACY = Pattern.compile("accuracy ([0-9.]+)%");
    private static final Pattern FAILED =
            Pattern.compile(
                    "ended \\(failed\\): worker-[12]: The [a-z-]+ loss became (NaN|Infinity) .*[12] of 2 workers ended so");
    private static final double ROUNDED = 0.00006;

    @TempDir Path dir;

    @Test
    void aTorchScriptFileTrainsIsExportedAndTrainsOn() throws Exception {
        Path first = dir.resolve("first");
        train(first, "--set", "engine=pytorch", "--target-accuracy", "0.6").expect(0);
        assertEquals("target", Hermes.summary(first).path("reached").asText());
        double reached = measuredAsReported(first);

        Path second = dir.resolve("second");
        train(second, "--model", first.resolve("model.pt").toString(), "--target-accuracy", "0.93")
                .expect(0);
        JsonNode summary = Hermes.summary(second);
        assertEquals("target", summary.path("reached").asText());
        assertEquals(109_386, summary.path("parameters").asInt());
        assertTrue(measuredAsReported(second) >= reached, summary::toString);
    }

    @Test
    void trainingThatGivesNaNIsNamedAndFailsTheRun() throws Exception {
        Path out = dir.resolve("out");
        Launched train = train(out, "--learning-rate", "1000", "--set", "min_workers=2");
        train.expect(1);
        assertEquals(List.of(), train.leftRunning());
        assertEquals("failed", Hermes.summary(out).path("reached").asText());
        assertTrue(FAILED.matcher(train.out()).find(), train::toString);
    }

    /** What the exported file measures on the test part, which must be what the run said. */
    private double measuredAsReported(Path out) throws Exception {
        Launched evaluate =
                Hermes.run(
                        dir,
                        "evaluate",
                        out.resolve("model.pt").toString(),
                        "--dataset",
                        "digits",
                        "--seed",
                        "1");
        evaluate.expect(0);
        Matcher accuracy = ACCURACY.matcher(evaluate.out());
        assertTrue(accuracy.find(), evaluate::toString);
        double measured = Double.parseDouble(accuracy.group(1)) / 100;
        assertEquals(Hermes.summary(out).path("accuracy").asDouble(), measured, ROUNDED);
        return measured;
    }

    private Launched train(Path out, String... more) throws Exception {
        List<String> words = new ArrayList<>(List.of("train", "--workers", "2", "--seed", "1"));
        words.addAll(List.of("--out", out.toString(), "--max-time", "10m"));
        words.addAll(List.of("--set", "samples=500", "--set", "local_epochs=1"));
        words.addAll(List.of(more));
        return Hermes.run(dir, words.toArray(String[]::new));
    }
}
