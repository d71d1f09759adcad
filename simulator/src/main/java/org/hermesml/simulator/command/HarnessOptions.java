package org.hermesml.simulator.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.hermesml.core.InputException;
import org.hermesml.core.settings.Settings;
import org.hermesml.simulator.testbed.TestBed;
import picocli.CommandLine.Option;

/** The options of every command that simulates; a picocli mixin. */
final class HarnessOptions {
    private static final int MAX_SEEDS = 1000;

    @Option(names = "--testbed", paramLabel = "NAME|FILE,...")
    private String testBed;

    @Option(names = "--dataset", paramLabel = "NAME|PATH")
    String dataset;

    @Option(names = "--data-dir", paramLabel = "DIR")
    Path dataDir;

    @Option(names = "--model", paramLabel = "NAME|PATH")
    String model = "mlp";

    @Option(names = "--target-accuracy", paramLabel = "A")
    private String targetAccuracy;

    @Option(names = "--seed", paramLabel = "FIRST")
    long seed = 1;

    @Option(names = "--seeds", paramLabel = "N")
    private Integer seeds;

    @Option(names = "--set", paramLabel = "KEY=VALUE")
    private List<String> assignments = List.of();

    @Option(names = "--out", paramLabel = "DIR")
    private Path out;

    @Option(names = "--jobs", paramLabel = "N")
    private Integer jobs;

    @Option(names = "--max-time", paramLabel = "DURATION")
    private String maxTime;

    @Option(names = "--end-with-stdin")
    boolean endWithStdin;

    @Option(names = "--stacktrace")
    boolean stacktrace;

    /** As it can be typed, for the report. */
    @Option(names = "--command", hidden = true)
    String command = "";

    List<TestBed> testBeds(String usual) {
        return new TestBeds(home()).find(testBed == null ? usual : testBed);
    }

    int seeds(int usual) {
        int count = seeds == null ? usual : seeds;
        if (count < 1 || count > MAX_SEEDS || seed < 0) {
            throw new InputException(
                    "--seed "
                            + seed
                            + " --seeds "
                            + count
                            + " is not allowed; allowed are a first seed from 0 on, and 1 to "
                            + MAX_SEEDS
                            + " seeds.");
        }
        return count;
    }

    int jobs() {
        int cores = Runtime.getRuntime().availableProcessors();
        int count = jobs == null ? cores : jobs;
        if (count < 1 || count > 256) {
            throw new InputException(
                    "--jobs " + count + " is not allowed; allowed are 1 to 256 runs at a time.");
        }
        return count;
    }

    /** Under the presets: what makes runs of different methods comparable. */
    Map<String, String> common() {
        Map<String, String> common = new LinkedHashMap<>();
        // A method with one step per synchronisation makes thousands of versions, not all better.
        common.put(Settings.PATIENCE.key(), "1000000");
        // No run costs hours that gets no better; the cap is for one that never gets a score.
        common.put(Settings.LEVEL_END.key(), "true");
        common.put(Settings.MAX_TIME.key(), "6h");
        return common;
    }

    /**
     * On top of the presets.
     *
     * @throws InputException for what is no setting, or has an option of its own
     */
    Map<String, String> overrides() {
        Map<String, String> texts = new LinkedHashMap<>();
        for (String assignment : assignments) {
            int equals = assignment.indexOf('=');
            if (equals < 1) {
                throw new InputException(
                        "--set '"
                                + assignment
                                + "' is no setting; write key=value, such as --set alpha=-1.6.");
            }
            String key = assignment.substring(0, equals).trim();
            if (key.equals(Settings.SEED.key()) || key.equals(Settings.METHOD.key())) {
                throw new InputException(
                        "--set "
                                + key
                                + " is not possible here; use --seed and --seeds, or --methods.");
            }
            texts.put(key, assignment.substring(equals + 1));
        }
        if (targetAccuracy != null) {
            texts.put(Settings.TARGET_ACCURACY.key(), targetAccuracy);
        }
        if (maxTime != null) {
            texts.put(Settings.MAX_TIME.key(), maxTime);
        }
        Settings.of(texts);
        return texts;
    }

    /** An empty or new folder. */
    Path folder(String kind) {
        if (out == null) {
            String time =
                    LocalDateTime.now().format(DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss"));
            return home().resolve("runs").resolve(kind + "-" + time);
        }
        if (Files.exists(out)) {
            try (Stream<Path> inside = Files.list(out)) {
                if (inside.findAny().isPresent()) {
                    throw new InputException(
                            "--out " + out + " is not empty; name an empty or new folder.");
                }
            } catch (IOException e) {
                throw new InputException(
                        "--out "
                                + out
                                + " is no folder that can be read; name an empty or new one.",
                        e);
            }
        }
        return out;
    }

    /** Checks what can be checked without opening it. */
    void check() {
        if (dataDir != null && !Files.isDirectory(dataDir)) {
            throw new InputException(
                    "--data-dir "
                            + dataDir
                            + " is no folder; name the one that holds the data set's files.");
        }
        if (!model.equals("mlp") && !model.equals("cnn") && !Files.isRegularFile(Path.of(model))) {
            throw new InputException(
                    "--model '"
                            + model
                            + "' is neither mlp, nor cnn, nor a file; name one of these, a file being a DL4J ModelSerializer zip.");
        }
    }

    private static Path home() {
        return Path.of(System.getProperty("hermes.home", ""));
    }
}
