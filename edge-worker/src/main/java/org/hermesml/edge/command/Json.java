package org.hermesml.edge.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.hermesml.core.InputException;

/**
 * The answer of a command is one line of JSON on standard output, and nothing else is written
 * there.
 */
final class Json {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    static String line(Map<String, Object> values) {
        try {
            return MAPPER.writeValueAsString(values);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A flat object, each value as text; arrays as their elements with commas. */
    static Map<String, String> settings(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new InputException("Settings file " + file + " does not exist.");
        }
        JsonNode root;
        try {
            root = MAPPER.readTree(file.toFile());
        } catch (JsonProcessingException e) {
            throw new InputException(
                    "Settings file "
                            + file
                            + ", line "
                            + e.getLocation().getLineNr()
                            + " is no JSON: "
                            + e.getOriginalMessage()
                            + ".",
                    e);
        } catch (IOException e) {
            throw new InputException(
                    "Settings file " + file + " cannot be read: " + e.getMessage() + ".", e);
        }
        if (!root.isObject()) {
            throw new InputException(
                    "Settings file " + file + " must hold one JSON object of settings.");
        }
        Map<String, String> texts = new LinkedHashMap<>();
        root.properties().forEach(e -> texts.put(e.getKey(), text(file, e.getKey(), e.getValue())));
        return texts;
    }

    private static String text(Path file, String key, JsonNode value) {
        if (value.isValueNode() && !value.isNull()) {
            return value.asText();
        }
        if (!value.isArray()) {
            throw new InputException(
                    "Settings file "
                            + file
                            + ": "
                            + key
                            + " must be a text, a number, true or false, or a list.");
        }
        StringBuilder joined = new StringBuilder();
        value.forEach(v -> joined.append(joined.isEmpty() ? "" : ",").append(v.asText()));
        return joined.toString();
    }

    private Json() {}
}
