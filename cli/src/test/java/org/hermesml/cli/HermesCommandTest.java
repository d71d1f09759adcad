package org.hermesml.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class HermesCommandTest {
    @TempDir Path dir;

    private final StringWriter err = new StringWriter();

    private int hermes(String... args) {
        CommandLine line = HermesCommand.commandLine();
        line.setErr(new PrintWriter(err, true));
        line.setOut(new PrintWriter(new StringWriter(), true));
        return line.execute(args);
    }

    private void assertOneSentence(String... parts) {
        String said = err.toString();
        assertEquals(1, said.lines().count(), said);
        assertTrue(said.startsWith("hermes: "), said);
        for (String part : parts) {
            assertTrue(said.contains(part), said);
        }
    }

    @Test
    void anUnknownCommandNamesTheNearestOne() {
        assertEquals(2, hermes("clutser"));
        assertOneSentence("'clutser'", "did you mean 'cluster'?");
    }

    @Test
    void anUnknownOptionNamesTheNearestOne() {
        assertEquals(2, hermes("broker", "--prot", "9093"));
        assertOneSentence("'--prot'", "did you mean '--port'?");
    }

    @Test
    void aWordNearNothingGetsNoGuess() {
        assertEquals(2, hermes("xylophone"));
        assertOneSentence("'xylophone'", "--help");
        assertFalse(err.toString().contains("did you mean"));
    }

    @Test
    void aPortInUseIsNamed() throws Exception {
        try (ServerSocket taken = new ServerSocket(0)) {
            String port = String.valueOf(taken.getLocalPort());
            assertEquals(2, hermes("broker", "--port", port, "--dir", dir.resolve("b").toString()));
            assertOneSentence("Port " + port, "--port");
        }
        assertFalse(Files.exists(dir.resolve("b")), "nothing is left behind");
    }

    @Test
    void anImpossiblePortIsRefused() {
        assertEquals(2, hermes("broker", "--port", "70000", "--dir", dir.toString()));
        assertOneSentence("70000", "1 to 65535");
    }

    @Test
    void aMissingJobJarIsNamed() {
        assertEquals(
                2,
                hermes(
                        "submit",
                        "--conf",
                        dir.toString(),
                        "--jar",
                        dir.resolve("no.jar").toString()));
        assertOneSentence("no.jar", "--jar");
    }

    @Test
    void aClusterThatDoesNotAnswerIsNamed() throws Exception {
        Path jar = Files.writeString(dir.resolve("job.jar"), "");
        int nobody = org.hermesml.cli.local.Ports.free();
        String url = "http://localhost:" + nobody;
        assertEquals(
                2,
                hermes(
                        "submit",
                        "--conf",
                        dir.toString(),
                        "--jar",
                        jar.toString(),
                        "--flink",
                        url));
        assertOneSentence(url, "./hermes cluster start");
    }

    @Test
    void aConfigurationFolderThatIsNotThereIsNamed() {
        assertEquals(2, hermes("submit", "--conf", dir.resolve("none").toString()));
        assertOneSentence("--conf", "none", "master.json");
    }

    @Test
    void theStackTraceShowsOnlyWhenAskedFor() {
        assertEquals(
                2, hermes("broker", "--port", "70000", "--dir", dir.toString(), "--stacktrace"));
        assertTrue(err.toString().contains("\tat org.hermesml."), err.toString());
    }
}
