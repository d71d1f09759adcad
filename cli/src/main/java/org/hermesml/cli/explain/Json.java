package org.hermesml.cli.explain;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;

/** JSON for programs that read what a command prints. */
final class Json {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    static void print(PrintWriter out, Object value) {
        try {
            out.println(MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(value));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Plain values could not be written as JSON", e);
        }
    }

    /** JSON knows no NaN: null where undefined. */
    static Double number(double value) {
        return Double.isFinite(value) ? value : null;
    }

    private Json() {}
}
