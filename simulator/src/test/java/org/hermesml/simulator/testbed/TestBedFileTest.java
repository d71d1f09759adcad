package org.hermesml.simulator.testbed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.hermesml.core.InputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TestBedFileTest {
    private static final Path INSTALLED = Path.of("..", "conf", "testbeds");
    private static final String GOOD =
            """
            {
              "name": "pair",
              "step": {"fixedMs": 4, "perSampleMs": 0.5},
              "server": {"outMbit": 1000, "inMbit": 500},
              "evaluator": {"speed": 2, "link": {"upMbit": 10, "downMbit": 20}},
              "devices": [
                {"name": "fast", "count": 2, "speed": 1, "link": {"upMbit": 1, "downMbit": 2, "latencyMs": 3}},
                {"name": "slow", "speed": 0.5, "jitter": 0.1, "memoryMb": 1, "link": {"upMbit": 1, "downMbit": 2},
                 "slowPhases": [{"fromSeconds": 1, "toSeconds": 2, "factor": 3}],
                 "absences": [{"fromSeconds": 4, "toSeconds": 5}, {"fromSeconds": 9}]}
              ]
            }
            """;

    @TempDir private Path folder;

    @Test
    void aGroupBecomesDevicesAtItsSpeed() throws IOException {
        TestBed bed = read(GOOD);
        assertEquals("pair", bed.name());
        assertEquals(new ServerSite(1000, 500, 20), bed.server());
        assertEquals(new EvaluatorSite(2, 0.25, new Link(10, 20, 0)), bed.evaluator());
        assertEquals(3, bed.devices().size());
        assertEquals("fast-2", bed.devices().get(1).name());
        assertEquals(64L << 20, bed.devices().get(1).dataMemoryBytes());
        assertEquals(new Link(1, 2, 3), bed.devices().get(1).link());
        Device slow = bed.devices().get(2);
        assertEquals("slow", slow.name());
        assertEquals(8, slow.stepFixedMs());
        assertEquals(1, slow.stepPerSampleMs());
        assertEquals(1L << 20, slow.dataMemoryBytes());
        assertEquals(new SlowPhase(1, 2, 3), slow.slowPhases().get(0));
        assertEquals(Double.POSITIVE_INFINITY, slow.absences().get(1).toSeconds());
    }

    @ParameterizedTest
    @CsvSource({
        "twelve,12",
        "equal,12",
        "one-straggler,12",
        "slow-links,12",
        "churn,12",
        "hundred,100"
    })
    void theInstalledTestBedsCanBeRead(String name, int devices) {
        TestBed bed = TestBedFile.read(INSTALLED.resolve(name + ".json"));
        assertEquals(name, bed.name());
        assertEquals(devices, bed.devices().size());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"speed\": 0.5 | \"speed\": 0 | devices[1].speed is 0; allowed: a number from",
                "\"speed\": 0.5 | \"sped\": 0.5 | devices[1].speed is missing; allowed: a number",
                "\"count\": 2 | \"count\": 1.5 | devices[0].count is 1.5; allowed: a whole number from 1",
                "\"jitter\": 0.1 | \"jitter\": 1 | devices[1].jitter is 1; allowed: a number from 0 to 0.99",
                "\"jitter\": 0.1 | \"jittr\": 0.1 | devices[1].jittr is unknown; allowed: name, count, speed, jitter",
                "\"outMbit\": 1000 | \"outMbit\": \"fast\" | server.outMbit is \"fast\"; allowed: a number",
                "\"toSeconds\": 2 | \"toSeconds\": 1 | devices[1].slowPhases has a time from 1.0 to 1.0 seconds",
                "{\"fromSeconds\": 9} | {\"fromSeconds\": 3} | devices[1].absences has a time from 3.0",
                "\"factor\": 3 | \"factor\": 0.5 | slowPhases[0].factor is 0.5; allowed: a number from 1",
                "\"name\": \"slow\" | \"name\": \"fast-1\" | devices names 'fast-1' twice",
                "\"name\": \"pair\", | '' | name is missing; allowed: a text",
                "\"fixedMs\": 4, \"perSampleMs\": 0.5 | \"fixedMs\": 0, \"perSampleMs\": 0 | step.fixedMs and perSampleMs are both 0",
                "\"step\" | \"devices\": [], \"step\" | is no valid JSON (Duplicate field"
            })
    void whatNoTestBedCanBeIsRefusedInOneSentence(String from, String to, String says)
            throws IOException {
        assertTrue(GOOD.contains(from), from);
        String faulty = GOOD.replace(from, to);
        InputException e = assertThrows(InputException.class, () -> read(faulty));
        assertTrue(e.getMessage().contains(says), e.getMessage());
        assertTrue(e.getMessage().contains(folder.toString()), e.getMessage());
        assertEquals(1, e.getMessage().lines().count());
    }

    @Test
    void aFileThatIsNotThereIsSaidSo() {
        Path absent = folder.resolve("absent.json");
        InputException e = assertThrows(InputException.class, () -> TestBedFile.read(absent));
        assertTrue(e.getMessage().contains("absent.json cannot be read"), e.getMessage());
    }

    private TestBed read(String json) throws IOException {
        return TestBedFile.read(Files.writeString(folder.resolve("bed.json"), json));
    }
}
