package org.hermesml.cli.pack;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.hermesml.core.InputException;

/** Has Maven fetch the native libraries of another kind of machine. */
final class NativeArtifacts {
    private static final String LIST = "META-INF/hermes-natives.properties";
    private static final String PLUGIN =
            "org.apache.maven.plugins:maven-dependency-plugin:3.9.0:copy-dependencies";
    private static final int TOLD_LINES = 3;

    private final Properties artifacts = new Properties();

    /**
     * @param workerJar says which artifacts in which versions
     */
    NativeArtifacts(Path workerJar) throws IOException {
        try (ZipFile zip = new ZipFile(workerJar.toFile())) {
            ZipEntry list = zip.getEntry(LIST);
            if (list == null) {
                throw new InputException(
                        workerJar + " does not say where its libraries come from; build it anew.");
            }
            try (InputStream in = zip.getInputStream(list)) {
                artifacts.load(in);
            }
        }
    }

    /**
     * Fetches into {@code folder} what is not in Maven's own store yet.
     *
     * @throws IllegalStateException when Maven fails, with what it says
     */
    List<Path> fetch(Board board, boolean pytorch, Path folder)
            throws IOException, InterruptedException {
        Path pom = Files.writeString(folder.resolve("pom.xml"), pom(board, pytorch));
        Path jars = folder.resolve("jars");
        Path log = folder.resolve("maven.log");
        Process maven =
                new ProcessBuilder(
                                windows() ? "mvn.cmd" : "mvn",
                                "-B",
                                "-f",
                                pom.toString(),
                                PLUGIN,
                                "-DoutputDirectory=" + jars)
                        .redirectErrorStream(true)
                        .redirectInput(ProcessBuilder.Redirect.PIPE)
                        .redirectOutput(log.toFile())
                        .start();
        maven.getOutputStream().close();
        try {
            maven.waitFor();
        } finally {
            maven.destroy();
            maven.waitFor(1, TimeUnit.MINUTES);
        }
        if (maven.exitValue() != 0) {
            throw new IllegalStateException(
                    "Maven could not fetch the libraries for "
                            + board.platform()
                            + ": "
                            + String.join(" ", errors(log)));
        }
        try (Stream<Path> found = Files.list(jars)) {
            return found.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
        }
    }

    private static List<String> errors(Path log) throws IOException {
        try (Stream<String> lines = Files.lines(log)) {
            return lines.filter(line -> line.startsWith("[ERROR]"))
                    .map(line -> line.substring("[ERROR]".length()).strip())
                    .filter(line -> !line.isEmpty())
                    .limit(TOLD_LINES)
                    .toList();
        }
    }

    private String pom(Board board, boolean pytorch) {
        List<String> dependencies = new ArrayList<>();
        dependencies.add(dependency("nd4j", board.nd4j()));
        dependencies.add(dependency("openblas", board.platform()));
        dependencies.add(dependency("javacpp", board.platform()));
        if (pytorch) {
            dependencies.add(dependency("pytorch", board.pytorch()));
        }
        return "<project><modelVersion>4.0.0</modelVersion><groupId>org.hermesml</groupId>"
                + "<artifactId>natives</artifactId><version>1</version><dependencies>\n"
                + String.join("\n", dependencies)
                + "\n</dependencies></project>\n";
    }

    private String dependency(String key, String classifier) {
        String[] parts = artifacts.getProperty(key).split(":");
        return "<dependency><groupId>"
                + parts[0]
                + "</groupId><artifactId>"
                + parts[1]
                + "</artifactId><version>"
                + parts[2]
                + "</version><classifier>"
                + classifier
                + "</classifier><exclusions><exclusion><groupId>*</groupId><artifactId>*</artifactId>"
                + "</exclusion></exclusions></dependency>";
    }

    private static boolean windows() {
        return System.getProperty("os.name").startsWith("Windows");
    }
}
