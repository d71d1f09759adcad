package org.hermesml.cli.data;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.hermesml.cli.local.HermesHome;
import org.hermesml.cli.run.EdgeProgram;
import org.hermesml.cli.run.EdgeTask;
import org.hermesml.cli.run.RunFailure;
import org.hermesml.cli.run.TaskFolder;
import org.hermesml.cli.run.TextTable;
import org.hermesml.core.BuiltIns;
import org.hermesml.core.DataFolders;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code hermes data}: which data sets have a name, whether they are here, and what they hold. */
@Command(
        name = "data",
        description = "Lists the data sets that have a name, and where they are looked for.",
        subcommands = FetchCommand.class)
public final class DataCommand implements Callable<Integer> {
    @Option(names = "--data-dir", paramLabel = "DIR", description = "A folder to look in first.")
    private Path dataDir;

    @Override
    public Integer call() {
        BuiltIns.requireDataDir(dataDir);
        try (TaskFolder task = TaskFolder.create()) {
            EdgeProgram program = new EdgeProgram(HermesHome.find(), task.path());
            JsonNode sets =
                    new ObjectMapper()
                            .readTree(EdgeTask.start(program.data(dataDir)).await())
                            .path("sets");
            task.succeeded();
            lines(sets, DataFolders.of(dataDir)).forEach(System.out::println);
            return 0;
        } catch (IOException e) {
            throw new RunFailure("The data sets could not be listed: " + e.getMessage() + ".", e);
        }
    }

    static List<String> lines(JsonNode sets, DataFolders folders) {
        TextTable table =
                new TextTable(
                        List.of("data set", "where", "training", "test", "shape", "classes"), 2);
        List<String> faults = new ArrayList<>();
        for (JsonNode set : sets) {
            String name = set.path("name").asText();
            boolean read = set.has("training");
            table.row(
                    name,
                    name.equals(BuiltIns.DIGITS)
                            ? "built in"
                            : set.path("place").asText("not found: hermes data fetch " + name),
                    read ? set.path("training").asText() : "-",
                    read ? set.path("test").asText() : "-",
                    read ? shape(set.path("shape")) : "-",
                    read ? set.path("classes").asText() : "-");
            if (set.has("fault")) {
                faults.add(set.path("fault").asText());
            }
        }
        List<String> lines = new ArrayList<>(table.lines());
        lines.addAll(faults);
        lines.add(
                "Looked in "
                        + folders.inOrder().stream()
                                .map(Path::toString)
                                .collect(Collectors.joining(", "))
                        + ". --dataset also takes a folder of IDX files or CIFAR-10 batches, a .npz file or a CSV file.");
        return lines;
    }

    private static String shape(JsonNode shape) {
        List<String> sizes = new ArrayList<>();
        shape.forEach(size -> sizes.add(size.asText()));
        return String.join("x", sizes);
    }
}
