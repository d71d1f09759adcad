package org.hermesml.simulator.testbed;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.hermesml.core.InputException;
import org.hermesml.core.NearestName;

/** One object of a test bed file; remembers where it stands and which fields were asked for. */
final class Fields {
    private final String file;
    private final String place;
    private final JsonNode node;
    private final Set<String> known = new LinkedHashSet<>();

    private Fields(String file, String place, JsonNode node) {
        this.file = file;
        this.place = place;
        this.node = node;
    }

    static Fields of(String file, JsonNode root) {
        return of(file, "", root);
    }

    private static Fields of(String file, String place, JsonNode node) {
        if (!node.isObject()) {
            throw refuse(
                    file, place.isEmpty() ? "the file" : place, "is " + node, "one JSON object");
        }
        return new Fields(file, place, node);
    }

    String text(String field) {
        JsonNode value = required(field, "a text");
        if (!value.isTextual() || value.asText().isBlank()) {
            throw refuse(field, "is " + value, "a text that is not empty");
        }
        return value.asText();
    }

    String textOr(String field, String absent) {
        known.add(field);
        return node.has(field) ? text(field) : absent;
    }

    double number(String field, double min, double max) {
        String allowed = "a number from " + print(min) + " to " + print(max);
        JsonNode value = required(field, allowed);
        if (!value.isNumber() || !(value.asDouble() >= min && value.asDouble() <= max)) {
            throw refuse(field, "is " + value, allowed);
        }
        return value.asDouble();
    }

    double numberOr(String field, double absent, double min, double max) {
        known.add(field);
        return node.has(field) ? number(field, min, max) : absent;
    }

    int wholeOr(String field, int absent, int min, int max) {
        double value = numberOr(field, absent, min, max);
        if (value != Math.rint(value)) {
            throw refuse(
                    field, "is " + node.get(field), "a whole number from " + min + " to " + max);
        }
        return (int) value;
    }

    Fields object(String field) {
        return of(file, at(field), required(field, "one JSON object"));
    }

    /** Empty where the field is absent. */
    List<Fields> list(String field) {
        known.add(field);
        List<Fields> elements = new ArrayList<>();
        if (!node.has(field)) {
            return elements;
        }
        if (!node.get(field).isArray()) {
            throw refuse(field, "is " + node.get(field), "a list of JSON objects");
        }
        for (JsonNode element : node.get(field)) {
            elements.add(of(file, at(field) + "[" + elements.size() + "]", element));
        }
        return elements;
    }

    /** To be called when all fields were asked for: whatever else is there was misspelt. */
    void end() {
        node.fieldNames()
                .forEachRemaining(
                        field -> {
                            if (!known.contains(field)) {
                                throw refuse(
                                        field,
                                        "is unknown",
                                        String.join(", ", known)
                                                + NearestName.near(field, known)
                                                        .map(n -> " (did you mean " + n + "?)")
                                                        .orElse(""));
                            }
                        });
    }

    InputException refuse(String field, String found, String allowed) {
        return refuse(file, at(field), found, allowed);
    }

    private static InputException refuse(String file, String place, String found, String allowed) {
        return new InputException(
                "Test bed " + file + ": " + place + " " + found + "; allowed: " + allowed + ".");
    }

    private JsonNode required(String field, String allowed) {
        known.add(field);
        JsonNode value = node.get(field);
        if (value == null) {
            throw refuse(field, "is missing", allowed);
        }
        return value;
    }

    private String at(String field) {
        return place.isEmpty() ? field : place + "." + field;
    }

    private static String print(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : Double.toString(value);
    }
}
