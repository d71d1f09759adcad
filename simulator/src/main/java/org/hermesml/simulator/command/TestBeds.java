package org.hermesml.simulator.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.hermesml.core.InputException;
import org.hermesml.core.NearestName;
import org.hermesml.simulator.testbed.TestBed;
import org.hermesml.simulator.testbed.TestBedFile;

/** Finds test beds by name, in {@code conf/testbeds} of the installation, or by file. */
final class TestBeds {
    private static final String END = ".json";

    private final Path folder;

    TestBeds(Path home) {
        this.folder = home.resolve("conf").resolve("testbeds");
    }

    /**
     * @param names separated by commas; each a name or a file
     */
    List<TestBed> find(String names) {
        List<TestBed> found = new ArrayList<>();
        for (String name : names.split(",")) {
            TestBed testBed = TestBedFile.read(file(name.trim()));
            if (found.stream().anyMatch(other -> other.name().equals(testBed.name()))) {
                throw new InputException(
                        "--testbed names '" + testBed.name() + "' twice; name each once.");
            }
            found.add(testBed);
        }
        return found;
    }

    private Path file(String name) {
        Path named = folder.resolve(name + END);
        if (Files.isRegularFile(named)) {
            return named;
        }
        Path file = Path.of(name);
        if (Files.isRegularFile(file)) {
            return file;
        }
        List<String> known = names();
        throw new InputException(
                "--testbed '"
                        + name
                        + "' is neither a test bed of "
                        + folder
                        + " ("
                        + String.join(", ", known)
                        + ") nor a file"
                        + NearestName.near(name, known)
                                .map(near -> "; did you mean '" + near + "'?")
                                .orElse("; name one of these."));
    }

    private List<String> names() {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(END))
                    .map(name -> name.substring(0, name.length() - END.length()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }
}
