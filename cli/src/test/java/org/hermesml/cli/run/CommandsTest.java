package org.hermesml.cli.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.hermesml.cli.HermesCommand;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class CommandsTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... args) {
        CommandLine line = HermesCommand.commandLine();
        line.setOut(new PrintWriter(out, true));
        line.setErr(new PrintWriter(err, true));
        return line.execute(args);
    }

    @ParameterizedTest
    @ValueSource(strings = {"train", "start", "runs", "watch", "stop", "export", "evaluate"})
    void everyCommandTellsWhatItTakes(String command) {
        assertEquals(0, run(command, "--help"));
        assertTrue(out.toString().contains("Usage: hermes " + command), out::toString);
    }

    @ParameterizedTest
    @ValueSource(strings = {"watch", "stop", "export"})
    void aNameThatNoRunCanHaveIsRefusedBeforeOrWithTheBroker(String command, @TempDir Path conf) {
        assertEquals(
                2,
                run(command, "--conf", conf.toString(), "--bootstrap", "localhost:1", "Not/A/Run"));
        assertTrue(
                err.toString().startsWith("hermes: 'Not/A/Run' is no name for a run"),
                err::toString);
    }

    @Test
    void aMissingModelFileIsOneSentence() {
        assertEquals(2, run("evaluate", "no-such.zip", "--dataset", "digits"));
        assertEquals(
                "hermes: There is no model file no-such.zip; name the one of a run, such as runs/RUN/model.zip.\n",
                err.toString());
    }

    @Test
    void trainRefusesBadInputWithCodeTwo() {
        assertEquals(2, run("train", "--workers", "0"));
        assertEquals("hermes: --workers 0 is not allowed; allowed are 1 to 64.\n", err.toString());
    }
}
