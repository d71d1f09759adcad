package org.hermesml.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.StringJoiner;
import org.hermesml.core.InputException;
import org.hermesml.core.settings.Settings;

/** A settings file: one flat JSON object, a value or an array of numbers for each setting. */
public final class SettingsFile {
    private static final JsonFactory JSON =
            JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

    /**
     * @return texts by key, in the order of the file, each of them checked
     * @throws InputException where the file cannot be read, is no such object, or holds a setting
     *     that is unknown or out of range; names file and line
     */
    public static Map<String, String> read(Path file) {
        try (JsonParser parser = JSON.createParser(Files.readString(file))) {
            return read(file, parser);
        } catch (JsonProcessingException e) {
            throw new InputException(
                    at(file, e.getLocation() == null ? 1 : e.getLocation().getLineNr())
                            + "no valid JSON ("
                            + e.getOriginalMessage().lines().findFirst().orElse("unreadable")
                            + "); a settings file is one flat JSON object such as {\"alpha\": -1.3}.",
                    e);
        } catch (NoSuchFileException e) {
            throw new InputException(
                    "Settings file "
                            + file
                            + " does not exist; name one that does with --settings.",
                    e);
        } catch (CharacterCodingException e) {
            throw new InputException(
                    "Settings file " + file + " is no text in UTF-8; a JSON object is needed.", e);
        } catch (IOException e) {
            throw new InputException(
                    "Settings file "
                            + file
                            + " cannot be read ("
                            + e
                            + "); a readable JSON file is needed.",
                    e);
        }
    }

    private static Map<String, String> read(Path file, JsonParser parser) throws IOException {
        Map<String, String> texts = new LinkedHashMap<>();
        require(file, parser, parser.nextToken() == JsonToken.START_OBJECT, "the file");
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String key = parser.currentName();
            parser.nextToken();
            int line = parser.currentTokenLocation().getLineNr();
            String text = text(file, parser, key);
            try {
                Settings.of(Map.of(key, text));
            } catch (InputException e) {
                throw new InputException(at(file, line) + e.getMessage(), e);
            }
            texts.put(key, text);
        }
        require(file, parser, parser.nextToken() == null, "what follows the object");
        return texts;
    }

    private static String text(Path file, JsonParser parser, String key) throws IOException {
        if (parser.currentToken() != JsonToken.START_ARRAY) {
            boolean scalar =
                    parser.currentToken().isScalarValue()
                            && parser.currentToken() != JsonToken.VALUE_NULL;
            require(file, parser, scalar, "the value of " + key);
            return parser.getText();
        }
        StringJoiner numbers = new StringJoiner(",");
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            require(file, parser, parser.currentToken().isNumeric(), "an element of " + key);
            numbers.add(parser.getText());
        }
        return numbers.toString();
    }

    private static void require(Path file, JsonParser parser, boolean holds, String what) {
        if (!holds) {
            throw new InputException(
                    at(file, parser.currentTokenLocation().getLineNr())
                            + what
                            + " does not belong in a settings file, which is one flat JSON object of numbers, texts,"
                            + " true, false and arrays of numbers.");
        }
    }

    private static String at(Path file, int line) {
        return "Settings file " + file + ", line " + line + ": ";
    }

    private SettingsFile() {}
}
