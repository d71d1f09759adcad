package org.hermesml.cli.local;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A Flink cluster answered a request with an error. The message is the innermost cause, the rest
 * stays with the cluster.
 */
public final class FlinkRefusal extends RuntimeException {
    private static final Pattern THROWN =
            Pattern.compile(
                    "(?m)^(?:Caused by: )?((?:[a-zA-Z_$][\\w$]*\\.)+[A-Z][\\w$]*)(?:: (.*))?$");

    private final int status;

    private FlinkRefusal(int status, String message) {
        super(message);
        this.status = status;
    }

    static FlinkRefusal of(int status, JsonNode body) {
        StringBuilder errors = new StringBuilder();
        body.path("errors").forEach(error -> errors.append(error.asText()).append('\n'));
        return new FlinkRefusal(
                status, "Flink answered " + status + ": " + innermost(errors.toString()));
    }

    /** HTTP status of the answer. */
    public int status() {
        return status;
    }

    /** The message of the last cause in a printed stack trace. */
    static String innermost(String trace) {
        String found = "";
        for (Matcher m = THROWN.matcher(trace); m.find(); ) {
            found = m.group(2) == null ? m.group(1) : m.group(2);
        }
        return found.isEmpty() ? trace.strip().lines().findFirst().orElse("") : found.strip();
    }
}
