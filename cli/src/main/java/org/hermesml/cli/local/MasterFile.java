package org.hermesml.cli.local;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.hermesml.core.InputException;
import org.hermesml.core.wire.Topics;

/**
 * {@code conf/master.json}: where the server side is. Holds no secrets.
 *
 * @param bootstrap HOST:PORT of a Kafka broker, several separated by commas
 * @param flink address of a Flink cluster's REST interface
 * @param topicPrefix in front of every topic's name
 */
public record MasterFile(String bootstrap, String flink, String topicPrefix) {
    public static final String NAME = "master.json";

    /** What Kafka allows in a topic's name. */
    private static final Pattern PREFIX = Pattern.compile("[A-Za-z0-9._-]{1,100}");

    public static MasterFile defaults() {
        return new MasterFile("localhost:9092", "http://localhost:8081", Topics.DEFAULT_PREFIX);
    }

    /**
     * Reads {@code master.json} in {@code conf}; what it does not say, or no such file, is the
     * default.
     *
     * @throws InputException naming the file and what is wrong in it
     */
    public static MasterFile read(Path conf) {
        Path path = conf.resolve(NAME);
        JsonFile file = JsonFile.read(path, List.of("bootstrap", "flink", "topicPrefix"));
        MasterFile absent = defaults();
        MasterFile read =
                new MasterFile(
                        file.text("bootstrap", absent.bootstrap),
                        file.text("flink", absent.flink),
                        file.text("topicPrefix", absent.topicPrefix));
        if (!PREFIX.matcher(read.topicPrefix).matches()) {
            throw new InputException(
                    path
                            + ": topicPrefix '"
                            + read.topicPrefix
                            + "' is not allowed; allowed: letters, digits, dot, underscore, hyphen.");
        }
        return read;
    }

    public Topics topics() {
        return new Topics(topicPrefix);
    }
}
