package org.hermesml.simulator.command;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.hermesml.core.InputException;
import org.hermesml.core.settings.Settings;
import org.hermesml.simulator.campaign.VariantNames;
import org.hermesml.simulator.testbed.Hostility;
import org.hermesml.simulator.testbed.TestBed;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of every command that simulates: test beds, settings, threads; a picocli mixin. */
final class HarnessOptions {
    @Mixin final WorkloadOptions workload = new WorkloadOptions();

    @Option(names = "--testbed", paramLabel = "NAME|FILE,...")
    private String testBed;

    @Option(names = "--target-accuracy", paramLabel = "A")
    private String targetAccuracy;

    @Option(names = "--seed", paramLabel = "FIRST")
    long seed = 1;

    @Option(names = "--set", paramLabel = "KEY=VALUE")
    private List<String> assignments = List.of();

    @Option(names = "--jobs", paramLabel = "N")
    private Integer jobs;

    @Option(names = "--max-time", paramLabel = "DURATION")
    private String maxTime;

    @Option(names = "--hostile", paramLabel = "FRACTION:ATTACK")
    private String hostile;

    List<TestBed> testBeds(String usual) {
        Hostility hostility = hostile == null ? Hostility.NONE : Hostility.of(hostile);
        return new TestBeds(home())
                .find(testBed == null ? usual : testBed).stream().map(hostility::on).toList();
    }

    /**
     * Names of methods, with what was set here.
     *
     * @throws InputException for options that no run can have
     */
    VariantNames names() {
        workload.check();
        return new VariantNames(new CorePresets(), common(), overrides());
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
        Map<String, String> texts = Settings.assignments(assignments);
        for (String key : List.of(Settings.SEED.key(), Settings.METHOD.key())) {
            if (texts.containsKey(key)) {
                throw new InputException(
                        "--set "
                                + key
                                + " is not possible here; use --seed and --seeds, or --methods.");
            }
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

    static Path home() {
        return Path.of(System.getProperty("hermes.home", ""));
    }
}
