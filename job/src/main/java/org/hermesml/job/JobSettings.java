package org.hermesml.job;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.hermesml.core.InputException;
import org.hermesml.core.settings.Durations;
import org.hermesml.core.wire.Topics;
import org.hermesml.operators.Keys;

/**
 * What the job must be told; everything about training is in each run's RunSpec.
 *
 * @param bootstrap Kafka brokers, {@code host:port[,host:port]}
 * @param parallelism subtasks of each operator; 0 leaves it to the cluster
 */
public record JobSettings(
        String bootstrap, Topics topics, int parallelism, Duration checkpointInterval) {
    private static final List<String> KNOWN =
            List.of("--bootstrap", "--topic-prefix", "--parallelism", "--checkpoint-interval");

    /**
     * @throws InputException when an argument is unknown, has no value, or is out of range
     */
    public static JobSettings of(String... args) {
        Map<String, String> values = new HashMap<>();
        for (int i = 0; i < args.length; i += 2) {
            if (!KNOWN.contains(args[i]) || i + 1 == args.length) {
                throw new InputException(
                        "The job does not take '"
                                + args[i]
                                + "' here; it takes "
                                + String.join(", ", KNOWN)
                                + ", each followed by a value.");
            }
            values.put(args[i], args[i + 1]);
        }
        try {
            return new JobSettings(
                    values.getOrDefault("--bootstrap", "localhost:9092"),
                    new Topics(values.getOrDefault("--topic-prefix", Topics.DEFAULT_PREFIX)),
                    parallelism(values.getOrDefault("--parallelism", "0")),
                    checkpointInterval(values.getOrDefault("--checkpoint-interval", "5s")));
        } catch (IllegalArgumentException e) {
            throw new InputException(
                    "The job was given a value that it cannot read: " + e.getMessage() + ".", e);
        }
    }

    private static int parallelism(String text) {
        int subtasks = Integer.parseInt(text);
        if (subtasks < 0 || subtasks > Keys.MAX_PARALLELISM) {
            throw new IllegalArgumentException(
                    "--parallelism " + text + " is not in 0 to " + Keys.MAX_PARALLELISM);
        }
        return subtasks;
    }

    private static Duration checkpointInterval(String text) {
        Duration interval = Durations.parse(text);
        // Flink takes no shorter one.
        if (interval.toMillis() < 10) {
            throw new IllegalArgumentException(
                    "--checkpoint-interval " + text + " is shorter than 10ms");
        }
        return interval;
    }
}
