package org.hermesml.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.hermesml.simulator.RunResult;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code ./hermes simulate} as a person runs it, and what it leaves. */
class SimulateIT {
    private static final List<String> FIELDS =
            Stream.of(RunResult.class.getRecordComponents()).map(RecordComponent::getName).toList();

    @TempDir private Path dir;

    @Test
    void aCampaignLeavesTheSameResultsWhateverRunsSideBySide() throws Exception {
        JsonNode two = simulate("two", "2");
        assertEquals(4, two.size());
        for (JsonNode run : two) {
            List<String> fields = new ArrayList<>();
            run.fieldNames().forEachRemaining(fields::add);
            assertEquals(FIELDS, fields);
            assertTrue(run.path("reached").asBoolean(), run::toString);
            assertTrue(run.path("seconds").asDouble() > 0, run::toString);
            assertTrue(run.path("bytesUp").asLong() > 0, run::toString);
            assertTrue(run.path("iterations").asLong() >= run.path("pushes").asLong());
        }
        assertEquals(two, simulate("one", "1"));
        String page = Files.readString(dir.resolve("one/report.html"));
        assertTrue(page.contains("Accuracy against time"));
        assertTrue(page.contains("./hermes simulate"));
        assertFalse(page.contains("http"), "the page asks for nothing elsewhere");
    }

    private JsonNode simulate(String out, String jobs) throws Exception {
        Path folder = dir.resolve(out);
        List<String> words = new ArrayList<>(List.of("simulate", "--dataset", "digits"));
        words.addAll(List.of("--methods", "hermes,balanced", "--testbed", "equal"));
        words.addAll(List.of("--target-accuracy", "0.7", "--seed", "3", "--seeds", "2"));
        words.addAll(List.of("--jobs", jobs, "--out", folder.toString()));
        Launched simulate = Hermes.run(dir, words.toArray(String[]::new));
        simulate.expect(0);
        assertEquals(List.of(), simulate.leftRunning());
        assertTrue(simulate.out().contains("time to target"), simulate::toString);
        return new ObjectMapper().readTree(folder.resolve("results.json").toFile());
    }

    @Test
    void anInterruptedCampaignKeepsWhatIsDoneAndLeavesNothingRunning() throws Exception {
        Path folder = dir.resolve("out");
        String[] words = {
            "simulate",
            "--dataset",
            "digits",
            "--methods",
            "balanced",
            "--testbed",
            "equal",
            "--seeds",
            "500",
            "--target-accuracy",
            "0.6",
            "--jobs",
            "1",
            "--out",
            folder.toString()
        };
        try (Launched simulate = Hermes.start(dir, words)) {
            simulate.awaitWords("balanced seed 2: reached");
            simulate.interrupt();
            assertEquals(130, simulate.awaitEnd(), simulate::toString);
            assertEquals(List.of(), simulate.leftRunning());
        }
        JsonNode results = new ObjectMapper().readTree(folder.resolve("results.json").toFile());
        assertTrue(results.size() >= 2 && results.size() < 500, results::toString);
        assertTrue(Files.exists(folder.resolve("report.html")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--testbed=twleve | did you mean 'twelve'?",
                "--methods=bps | did you mean 'bsp'?",
                "--methods=bsp@fast | bsp@best",
                "--set=alhpa=-1 | did you mean 'alpha'?",
                "--set=seed=4 | --seeds",
                "--seeds=0 | 1 to 1000 seeds",
                "--jobs=0 | 1 to 256 runs",
                "--model=nowhere.zip | nowhere.zip",
                "--dataset=/nowhere | nowhere",
                "--max-time=soon | max_time",
                "--wrong | '--wrong'"
            })
    void whatIsWrongIsSaidInOneSentenceAndNothingIsLeft(String option, String says)
            throws Exception {
        Path folder = dir.resolve("out");
        Launched simulate = Hermes.run(dir, "simulate", "--out", folder.toString(), option);
        simulate.expect(2);
        assertTrue(simulate.err().contains(says), simulate::toString);
        assertEquals(1, simulate.err().lines().count(), simulate::toString);
        assertFalse(Files.exists(folder));
    }
}
