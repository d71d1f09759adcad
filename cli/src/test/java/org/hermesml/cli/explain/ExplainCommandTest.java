package org.hermesml.cli.explain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.hermesml.core.InputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

final class ExplainCommandTest {
    private static final String SIX =
            """
            worker,seconds,samples,miniBatch
            w1,10.2,2500,16
            w2,11.0,2500,16
            w3,9.8,2500,16
            w4,10.5,2500,16

            w5,30.1,2500,16
            w6,10.9,2500,16
            """;

    @TempDir private Path folder;
    private Exception thrown;

    @Test
    void theGateAsJsonHasAnEntryForEachLoss() throws IOException {
        JsonNode array = json("0.9\n0.8\n0.7\n0.3\n0.4\n", "gate", "--json", "--set", "alpha=-1.3");
        assertEquals(5, array.size());
        assertEquals(List.of("loss", "z", "threshold", "push"), names(array.get(0)));
        assertEquals(0.9, array.get(0).get("loss").asDouble());
        assertTrue(array.get(0).get("z").isNull());
        assertEquals(-1.0, array.get(1).get("z").asDouble(), 1e-9);
        assertEquals(-1.3, array.get(1).get("threshold").asDouble());
        assertFalse(array.get(2).get("push").asBoolean());
        assertTrue(array.get(3).get("push").asBoolean());
        assertTrue(array.get(4).get("z").isNull(), "the window is empty after a push");
    }

    @Test
    void aWindowThatGoesOnIsShownWhereItIsAskedFor() throws IOException {
        JsonNode array = json("0.9\n0.8\n0.7\n", "gate", "--json", "--set", "window_reset=false");
        assertTrue(array.get(1).get("push").asBoolean());
        assertTrue(array.get(2).get("z").asDouble() < -1);
    }

    @Test
    void theGateFollowsSettingsAndMethod() throws IOException {
        String losses = "0.5\n".repeat(12);
        JsonNode array = json(losses, "gate", "--json", "--set", "alpha=-2", "--set", "lambda=2");
        assertEquals(-2.0, array.get(1).get("threshold").asDouble());
        assertEquals(-1.8, array.get(2).get("threshold").asDouble(), 1e-12);
        JsonNode always = json(losses, "gate", "--json", "--method", "bsp");
        assertTrue(always.get(0).get("push").asBoolean());
        assertTrue(always.get(0).get("threshold").isNull());
    }

    @Test
    void theGateForPeopleIsATable() throws IOException {
        String text = run("loss\n0.9\n0.8\n0.7\n0.3\n", "gate", "--set", "alpha=-1.3");
        List<String> lines = text.lines().toList();
        assertTrue(lines.get(0).startsWith("method hermes, alpha -1.3"), text);
        assertTrue(lines.get(6).matches(" +4 +0\\.300000 +-1\\.\\d{4} +-1\\.3000 +push"), text);
        assertEquals("iterations: 4, pushes: 1", lines.get(8));
    }

    @Test
    void theAllocationAsJsonHasTargetAndWorkers() throws IOException {
        JsonNode round =
                json(
                        SIX,
                        "allocation",
                        "--json",
                        "--set",
                        "mini_batch=16",
                        "--set",
                        "samples=2500");
        assertEquals(10.7, round.get("target").asDouble(), 1e-9);
        JsonNode slow = round.get("workers").get(4);
        for (String name :
                List.of(
                        "worker",
                        "seconds",
                        "q1",
                        "q3",
                        "lower",
                        "upper",
                        "outlier",
                        "samples",
                        "miniBatch",
                        "predictedSeconds")) {
            assertNotNull(slow.get(name), name);
        }
        assertEquals("w5", slow.get("worker").asText());
        assertEquals(30.1, slow.get("seconds").asDouble());
        assertEquals(10.2, slow.get("q1").asDouble(), 1e-9);
        assertEquals(10.9, slow.get("q3").asDouble(), 1e-9);
        assertEquals(9.15, slow.get("lower").asDouble(), 1e-9);
        assertEquals(11.95, slow.get("upper").asDouble(), 1e-9);
        assertTrue(slow.get("outlier").asBoolean());
        assertEquals(889, slow.get("samples").asInt());
        assertEquals(16, slow.get("miniBatch").asInt());
        assertEquals(10.7, slow.get("predictedSeconds").asDouble(), 0.01);
        JsonNode fine = round.get("workers").get(0);
        assertFalse(fine.get("outlier").asBoolean());
        assertEquals(2500, fine.get("samples").asInt());
        assertEquals(10.2, fine.get("predictedSeconds").asDouble());
    }

    @Test
    void equalTimesAreOutliersOnlyInTheOfficialMethod() throws IOException {
        String equal = "a,10,2500,16\nb,10,1250,32\nc,10,700,8\n";
        json(equal, "allocation", "--json", "--method", "official")
                .get("workers")
                .forEach(w -> assertTrue(w.get("outlier").asBoolean(), w.toString()));
        json(equal, "allocation", "--json")
                .get("workers")
                .forEach(w -> assertFalse(w.get("outlier").asBoolean(), w.toString()));
    }

    @Test
    void aSingleWorkerHasNoQuartiles() throws IOException {
        JsonNode round = json("a,10,2500,16\n", "allocation", "--json");
        assertTrue(round.get("workers").get(0).get("q1").isNull());
        assertFalse(round.get("workers").get(0).get("outlier").asBoolean());
    }

    @Test
    void theAllocationForPeopleIsATableThatSaysWhy() throws IOException {
        String text = run(SIX, "allocation", "--set", "mini_batch=16", "--set", "samples=2500");
        List<String> lines = text.lines().toList();
        assertEquals("method hermes, local_epochs 1, target 10.70 s", lines.get(0));
        assertTrue(lines.get(2).startsWith("worker "), text);
        assertTrue(lines.get(7).startsWith("w5 "), text);
        assertTrue(lines.get(7).endsWith("fitted to 10.7 s"), text);
        assertTrue(lines.get(3).endsWith("kept"), text);
    }

    @Test
    void whatAWorkerCanHoldLimitsItsSamples() throws IOException {
        String oneFast = "a,10,2500,16\nb,10,2500,16\nc,1,2500,16\n";
        JsonNode round =
                json(
                        oneFast,
                        "allocation",
                        "--json",
                        "--most-samples",
                        "4000",
                        "--set",
                        "mini_batch=16",
                        "--set",
                        "samples=2500");
        JsonNode fast = round.get("workers").get(2);
        assertTrue(fast.get("samples").asInt() <= 4000);
        assertTrue(fast.get("miniBatch").asInt() < 16, "more steps over what it holds");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "gate; 0.5|0.4|x; line 3: 'x' is no loss",
                "gate; 0.5|NaN; line 2: 'NaN' is no loss",
                "gate; 0.5|0.4,0.3; line 2: '0.4,0.3' has 2 fields",
                "allocation; a,1,2; line 1: 'a,1,2' has 3 fields",
                "allocation; a,0,2,2; line 1: '0' seconds",
                "allocation; a,1,2,2|a,1,2,2; line 2: worker 'a'",
                "allocation; a,1,0,2; line 1: '0' is no number of samples",
                "allocation; a,1,2,2.5; line 1: '2.5' is no number of samples of a mini-batch",
            })
    void aBadLineIsNamedWithFileAndNumber(String command, String text, String what)
            throws IOException {
        Path file = file(text.replace('|', '\n'));
        assertNotEquals(0, execute(new StringWriter(), command, file.toString()));
        InputException fault = (InputException) thrown;
        assertTrue(fault.getMessage().startsWith("File " + file + ", " + what), fault.getMessage());
    }

    @Test
    void anEmptyOrAbsentFileIsNamed() throws IOException {
        Path empty = file("\n\n");
        execute(new StringWriter(), "gate", empty.toString());
        assertEquals(
                "File " + empty + " holds no figures; write loss on each line.",
                thrown.getMessage());
        execute(new StringWriter(), "gate", folder.resolve("absent").toString());
        assertTrue(thrown.getMessage().contains("does not exist"), thrown.getMessage());
    }

    private JsonNode json(String figures, String... args) throws IOException {
        return new ObjectMapper().readTree(run(figures, args));
    }

    private String run(String figures, String... args) throws IOException {
        List<String> all = new ArrayList<>(List.of(args));
        all.add(file(figures).toString());
        StringWriter out = new StringWriter();
        assertEquals(0, execute(out, all.toArray(String[]::new)), () -> String.valueOf(thrown));
        return out.toString();
    }

    private int execute(StringWriter out, String... args) {
        return new CommandLine(new ExplainCommand())
                .setOut(new PrintWriter(out))
                .setExecutionExceptionHandler(
                        (e, command, parsed) -> {
                            thrown = e;
                            return 2;
                        })
                .execute(args);
    }

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("figures.csv"), text);
    }

    private static List<String> names(JsonNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }
}
