package org.hermesml.system;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.hermesml.cli.HermesCommand;
import org.hermesml.edge.EdgeWorker;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** The commands that the README shows are commands that there are; the others here run them. */
class ReadmeTest {
    private static final Pattern HERMES = Pattern.compile("^ {4}\\./hermes (.+)$");
    private static final Pattern DEVICE =
            Pattern.compile("^ {4}java .*hermes-edge-worker\\.jar (.+)$");

    @Test
    void everyCommandOfTheReadmeIsUnderstood() throws IOException {
        int commands = 0;
        int devices = 0;
        for (String line : Files.readAllLines(Hermes.HOME.resolve("README.md"))) {
            Matcher hermes = HERMES.matcher(line);
            if (hermes.matches()) {
                HermesCommand.commandLine().parseArgs(words(hermes.group(1)));
                commands++;
            }
            Matcher device = DEVICE.matcher(line);
            if (device.matches()) {
                new CommandLine(new EdgeWorker()).parseArgs(words(device.group(1)));
                devices++;
            }
        }
        assertTrue(commands > 10, "commands: " + commands);
        assertTrue(devices > 0, "device commands: " + devices);
    }

    private static String[] words(String shown) {
        String command = shown.contains(" #") ? shown.substring(0, shown.indexOf(" #")) : shown;
        return List.of(command.strip().split(" +")).toArray(String[]::new);
    }
}
