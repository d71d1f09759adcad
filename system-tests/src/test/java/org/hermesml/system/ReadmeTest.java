package org.hermesml.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.hermesml.cli.HermesCommand;
import org.hermesml.edge.EdgeWorker;
import org.hermesml.simulator.RunResult;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/**
 * What README and docs speak of is there, and nothing else: commands, which the others here run,
 * and the fields of a result.
 */
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

    @Test
    void everyFieldOfASimulatedResultIsExplainedAndNoOther() throws IOException {
        List<String> lines = Files.readAllLines(Hermes.HOME.resolve("docs/simulator.md"));
        List<String> explained =
                lines.subList(lines.indexOf("## `results.json`") + 1, lines.size()).stream()
                        .dropWhile(line -> !line.startsWith("| `"))
                        .takeWhile(line -> line.startsWith("| `"))
                        .flatMap(
                                line ->
                                        Pattern.compile("`(\\w+)`")
                                                .matcher(line.split("\\|")[1])
                                                .results())
                        .map(field -> field.group(1))
                        .toList();
        assertEquals(
                Stream.of(RunResult.class.getRecordComponents())
                        .map(RecordComponent::getName)
                        .sorted()
                        .toList(),
                explained.stream().sorted().toList());
    }

    private static String[] words(String shown) {
        String command = shown.contains(" #") ? shown.substring(0, shown.indexOf(" #")) : shown;
        return List.of(command.strip().split(" +")).toArray(String[]::new);
    }
}
