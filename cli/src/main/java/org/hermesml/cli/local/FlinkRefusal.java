package org.hermesml.cli.local;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.hermesml.core.InputException;

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

    /** The job's own refusal of bad input as such; anything else as a refusal of the cluster's. */
    static RuntimeException of(int status, JsonNode body) {
        StringBuilder errors = new StringBuilder();
        body.path("errors").forEach(error -> errors.append(error.asText()).append('\n'));
        String cause = innermost(errors.toString());
        return errors.indexOf(InputException.class.getName() + ": " + cause) >= 0
                ? new InputException(cause)
                : new FlinkRefusal(status, "Flink answered " + status + ": " + cause);
    }

    /** HTTP status of the answer. */
    public int status() {
        return status;
    }

    /** The message of the last cause in a printed stack trace. */
    static String innermost(String trace) {
        String found = "";
        for (Matcher m = THROWN.matcher(trace); m.find(); ) {
            String thrown = m.group(1).substring(m.group(1).lastIndexOf('.') + 1);
            // One word, such as the class of a ClassNotFoundException, says nothing alone.
            boolean clear = m.group(2) != null && m.group(2).strip().contains(" ");
            found = clear ? m.group(2) : thrown + (m.group(2) == null ? "" : ": " + m.group(2));
        }
        return found.isEmpty() ? trace.strip().lines().findFirst().orElse("") : found.strip();
    }
}
