package org.hermesml.simulator.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class SimulatorMainTest {
    private final StringWriter err = new StringWriter();

    private int simulator(String... args) {
        CommandLine line = SimulatorMain.commandLine();
        line.setErr(new PrintWriter(err, true));
        return line.execute(args);
    }

    @Test
    void theStackTraceShowsOnlyWhenAskedFor() {
        assertEquals(2, simulator("simulate", "--model=none.zip"));
        assertEquals(1, err.toString().lines().count(), err::toString);
        assertEquals(2, simulator("simulate", "--model=none.zip", "--stacktrace"));
        assertTrue(err.toString().contains("\tat org.hermesml."), err::toString);
    }

    @ParameterizedTest
    @CsvSource({"scale, --seeds=2", "scale, --out=results"})
    void whatABenchWouldIgnoreIsUnknownToIt(String bench, String option) {
        assertEquals(2, simulator("bench", bench, option));
        assertTrue(err.toString().contains("Unknown option: '" + option), err::toString);
    }
}
