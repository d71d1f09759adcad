package org.hermesml.cli.local;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import org.hermesml.core.InputException;

/** A JSON object in a file, with a fixed set of keys. */
final class JsonFile {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path file;
    private final JsonNode object;

    private JsonFile(Path file, JsonNode object) {
        this.file = file;
        this.object = object;
    }

    /**
     * A file that is not there reads as an empty object.
     *
     * @throws InputException when it is no JSON object or holds another key
     */
    static JsonFile read(Path file, List<String> keys) {
        if (!Files.exists(file)) {
            return new JsonFile(file, MissingNode.getInstance());
        }
        JsonNode object;
        try {
            object = JSON.readTree(file.toFile());
        } catch (JsonProcessingException e) {
            throw new InputException(
                    file
                            + ", line "
                            + e.getLocation().getLineNr()
                            + ": no JSON here ("
                            + e.getOriginalMessage()
                            + ").",
                    e);
        } catch (IOException e) {
            throw new InputException(file + " cannot be read: " + e.getMessage() + ".", e);
        }
        if (!object.isObject()) {
            throw new InputException(
                    file + " must hold a JSON object with: " + String.join(", ", keys) + ".");
        }
        for (Iterator<String> found = object.fieldNames(); found.hasNext(); ) {
            String key = found.next();
            if (!keys.contains(key)) {
                throw new InputException(
                        file
                                + ": unknown key '"
                                + key
                                + "'; allowed: "
                                + String.join(", ", keys)
                                + ".");
            }
        }
        return new JsonFile(file, object);
    }

    String text(String key, String absent) {
        JsonNode value = object.path(key);
        if (value.isMissingNode()) {
            return absent;
        }
        if (!value.isTextual() || value.textValue().isBlank()) {
            throw new InputException(
                    file
                            + ": "
                            + key
                            + " is "
                            + value
                            + "; it must be a text, such as \""
                            + absent
                            + "\".");
        }
        return value.textValue().strip();
    }

    List<String> texts(String key) {
        JsonNode value = object.path(key);
        if (value.isMissingNode()) {
            return List.of();
        }
        List<String> texts = new java.util.ArrayList<>();
        boolean good = value.isArray();
        for (JsonNode element : value) {
            good &= element.isTextual() && !element.textValue().isBlank();
            texts.add(element.asText().strip());
        }
        if (!good) {
            throw new InputException(
                    file
                            + ": "
                            + key
                            + " is "
                            + value
                            + "; it must be a list of texts, such as [\"pi-1\", \"pi-2\"].");
        }
        return List.copyOf(texts);
    }
}
