package org.hermesml.simulator.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.stream.Stream;
import org.hermesml.core.InputException;
import org.hermesml.simulator.campaign.Plan;
import org.hermesml.simulator.campaign.PlannedRun;
import org.hermesml.simulator.campaign.Variant;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of every command that makes a table of runs; a picocli mixin. */
final class CampaignOptions {
    private static final int MAX_SEEDS = 1000;

    @Mixin final HarnessOptions harness = new HarnessOptions();

    @Option(names = "--seeds", paramLabel = "N")
    private Integer seeds;

    @Option(names = "--out", paramLabel = "DIR")
    private Path out;

    /**
     * @param testBeds where none were asked for
     * @param count of seeds, likewise
     */
    List<PlannedRun> plan(List<Variant> variants, String testBeds, int count) {
        return Plan.of(harness.testBeds(testBeds), variants, harness.seed, seeds(count));
    }

    int seeds(int usual) {
        int count = seeds == null ? usual : seeds;
        if (count < 1 || count > MAX_SEEDS || harness.seed < 0) {
            throw new InputException(
                    "--seed "
                            + harness.seed
                            + " --seeds "
                            + count
                            + " is not allowed; allowed are a first seed from 0 on, and 1 to "
                            + MAX_SEEDS
                            + " seeds.");
        }
        return count;
    }

    /** An empty or new folder. */
    Path folder(String kind) {
        if (out == null) {
            String time =
                    LocalDateTime.now().format(DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss"));
            return HarnessOptions.home().resolve("runs").resolve(kind + "-" + time);
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
}
