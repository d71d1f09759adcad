package org.hermesml.cli.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import org.hermesml.cli.HermesCommand;
import org.hermesml.core.DataFolders;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class DataCommandTest {
    @Test
    void setsAreListedWithWhatTheyHoldOrHowToGetThem() throws Exception {
        List<String> lines =
                DataCommand.lines(
                        new ObjectMapper()
                                .readTree(
                                        "[{\"name\": \"digits\", \"training\": 8000, \"test\": 2000,"
                                                + " \"shape\": [1, 28, 28], \"classes\": 10},"
                                                + " {\"name\": \"mnist\"},"
                                                + " {\"name\": \"cifar-10\", \"place\": \"/d/cifar-10\","
                                                + " \"fault\": \"It is broken.\"}]"),
                        new DataFolders(null, Path.of("/d"), Path.of("/cache")));
        assertTrue(lines.get(1).matches("digits +built in +8000 +2000 +1x28x28 +10"), lines.get(1));
        assertTrue(lines.get(2).contains("hermes data fetch mnist"), lines.get(2));
        assertTrue(lines.get(3).matches("cifar-10 +/d/cifar-10 +- +- +- +-"), lines.get(3));
        assertEquals("It is broken.", lines.get(4));
        assertTrue(lines.get(5).startsWith("Looked in /d, /cache."), lines.get(5));
    }

    @Test
    void whatCannotBeFetchedIsRefused() {
        refused("'digits' is not one that can be fetched", "digits");
        refused("--from here is no address", "mnist", "--from", "here");
        refused("is no address", "mnist", "--from", "ftp://example.org/");
    }

    private static void refused(String why, String... args) {
        CommandLine line = HermesCommand.commandLine();
        StringWriter said = new StringWriter();
        line.setErr(new PrintWriter(said, true));
        String[] all = new String[args.length + 2];
        all[0] = "data";
        all[1] = "fetch";
        System.arraycopy(args, 0, all, 2, args.length);
        assertEquals(2, line.execute(all), said.toString());
        assertTrue(said.toString().contains(why), said.toString());
        assertEquals(1, said.toString().lines().count());
    }
}
