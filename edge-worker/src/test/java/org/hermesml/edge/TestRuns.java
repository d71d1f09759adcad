package org.hermesml.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.hermesml.edge.kafka.Connection;

/** Runs of digits that {@code publish} has published at the shared broker. */
final class TestRuns {
    /**
     * @param dir takes the settings' file
     * @param settings JSON
     */
    static void publish(Connection connection, String run, Path dir, String settings)
            throws Exception {
        TestBroker.shared().create(connection.topics().ofRun(run));
        Path file = Files.writeString(dir.resolve(run + ".json"), settings);
        assertEquals(0, EdgeWorker.run(publication(connection, run, file)));
    }

    /** The command line that publishes {@code run}. */
    static String[] publication(Connection connection, String run, Path settings) {
        String[] options = {
            "--run", run, "--dataset", "digits", "--model", "mlp", "--settings", settings.toString()
        };
        return with(connection, "publish", options);
    }

    /** A device's command line: it takes part in {@code run} and ends. */
    static String[] device(Connection connection, String run, String id, Path state) {
        String[] options = {"--id", id, "--once", run, "--state", state.toString()};
        return with(connection, "", options);
    }

    /**
     * @param command "" for none
     */
    static String[] with(Connection connection, String command, String... options) {
        Stream<String> common =
                Stream.of(
                        "--bootstrap",
                        connection.bootstrap(),
                        "--topic-prefix",
                        connection.topics().prefix());
        return Stream.of(Stream.of(command).filter(c -> !c.isEmpty()), common, Stream.of(options))
                .flatMap(s -> s)
                .toArray(String[]::new);
    }

    private TestRuns() {}
}
