package org.hermesml.cli.local;

import java.nio.file.Path;
import org.slf4j.LoggerFactory;

/** Where this program's own log goes. */
public final class Logs {
    /**
     * Everything that Kafka's and Flink's classes say in this program goes to {@code file} from now
     * on, instead of errors to the terminal. Call before anything of theirs is touched: logging is
     * set up once.
     */
    public static void toFile(Path file) {
        System.setProperty("hermes.log", file.toAbsolutePath().toString());
        System.setProperty("log4j2.configurationFile", "log4j2-file.properties");
        // Set up here and now: threads that met in it would have their first lines lost, with a
        // complaint on the terminal.
        LoggerFactory.getILoggerFactory();
    }

    private Logs() {}
}
