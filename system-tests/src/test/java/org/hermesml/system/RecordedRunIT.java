package org.hermesml.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A real run, recorded by Kafka, through the server that the simulator hosts. */
class RecordedRunIT {
    private static final Pattern BROKER = Pattern.compile("Broker at (\\S+) and .* stay up");
    private static final Pattern RUN = Pattern.compile("Run (\\S+) ended");

    @TempDir Path dir;

    @ParameterizedTest
    @ValueSource(strings = {"hermes", "bsp"})
    void theSimulatorsServerDecidesAsTheJobDid(String method) throws Exception {
        try (Launched train =
                Hermes.start(
                        dir,
                        "train",
                        "--keep-running",
                        "--workers",
                        "2",
                        "--slowdown",
                        "1,2",
                        "--method",
                        method,
                        "--out",
                        dir.resolve("out").toString(),
                        "--max-time",
                        "10m",
                        "--set",
                        "samples=500",
                        "--set",
                        "min_workers=2",
                        "--set",
                        "target_accuracy=1.1",
                        "--set",
                        "max_versions=8",
                        // By the clock of the job rounds might end otherwise than by that of the
                        // records.
                        "--set",
                        "quorum=1",
                        "--set",
                        "overtime=1000",
                        // Whether an update was decided before its score came is not recorded;
                        // SameDecisionsTest compares both hosts with the defence.
                        "--set",
                        "defence=false")) {
            train.awaitWords("stay up until Ctrl-C");
            RecordedRun run = new RecordedRun(said(BROKER, train.out()), said(RUN, train.out()));
            int versions = new RecordedDecisions(run).assertSame();
            assertTrue(versions > 8, versions + " versions compared");
            train.interrupt();
            train.awaitEnd();
            assertEquals(List.of(), train.leftRunning());
        }
    }

    private static String said(Pattern pattern, String text) {
        Matcher found = pattern.matcher(text);
        assertTrue(found.find(), text);
        return found.group(1);
    }
}
