package org.hermesml.core.wire;

import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Names and shapes of all topics, in one place. */
public record Topics(String prefix) {
    public static final String DEFAULT_PREFIX = "hermes.";

    private static final Map<String, String> KEPT =
            Map.of("retention.ms", "-1", "retention.bytes", "-1");

    /** As kept, until the runs are deleted whose entries come first. */
    private static final Map<String, String> TRIMMED =
            Map.of("retention.ms", "-1", "retention.bytes", "-1", "segment.bytes", "16777216");

    /** A segment that is written to is not compacted: small ones, so that much never waits. */
    private static final Map<String, String> COMPACTED =
            Map.of("cleanup.policy", "compact", "segment.bytes", "16777216");

    /** Largest record any of our topics takes; slices and blocks are cut to stay below it. */
    public static final int MAX_RECORD_BYTES = 1_048_588;

    /**
     * @param config Kafka topic settings
     */
    public record Topic(String name, int partitions, Map<String, String> config) {
        /** Whether its records go by themselves after some time. */
        public boolean expires() {
            return !config.getOrDefault("retention.ms", "-1").equals("-1");
        }
    }

    public String runs() {
        return prefix + "runs";
    }

    public String reports() {
        return prefix + "reports";
    }

    public String updates() {
        return prefix + "updates";
    }

    public String scores() {
        return prefix + "scores";
    }

    public String verdicts() {
        return prefix + "verdicts";
    }

    public String best() {
        return prefix + "best";
    }

    public String refused() {
        return prefix + "refused";
    }

    public String data(String run) {
        return prefix + "data." + run;
    }

    public String models(String run) {
        return prefix + "models." + run;
    }

    public String directives(String run) {
        return prefix + "directives." + run;
    }

    /** The topics that all runs share; they must be there before the job starts. */
    public List<Topic> shared() {
        return List.of(
                new Topic(runs(), 1, COMPACTED),
                new Topic(reports(), 4, week(1L << 30)),
                new Topic(updates(), 4, week(16L << 30)),
                new Topic(scores(), 1, week(1L << 28)),
                new Topic(verdicts(), 4, TRIMMED),
                new Topic(best(), 1, COMPACTED),
                new Topic(refused(), 1, week(1L << 26)));
    }

    /** The topics of one run; they go when the run is deleted. */
    public List<Topic> ofRun(String run) {
        return List.of(
                new Topic(data(run), 1, KEPT),
                new Topic(models(run), 1, KEPT),
                new Topic(directives(run), 1, KEPT));
    }

    /**
     * For a week: a job that has not read them by then could not go on in any case.
     *
     * @param mostBytes of a partition
     */
    private static Map<String, String> week(long mostBytes) {
        return Map.of(
                "retention.ms",
                Long.toString(TimeUnit.DAYS.toMillis(7)),
                "retention.bytes",
                Long.toString(mostBytes),
                "segment.bytes",
                Long.toString(Math.min(1L << 30, mostBytes / 4)));
    }

    /** Key of a worker's records in {@link #reports()} and {@link #updates()}. */
    public static String workerKey(String run, String worker) {
        return run + "/" + worker;
    }
}
