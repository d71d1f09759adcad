package org.hermesml.cli.explain;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.hermesml.core.InputException;

/**
 * A text file of figures, comma-separated. Empty lines are passed over, and so is a first line that
 * is the header.
 */
record FigureFile(Path path, List<Line> lines) {
    /**
     * @param number in the file, from 1
     */
    record Line(int number, List<String> fields) {}

    /**
     * @param columns names of the fields of each line
     * @throws InputException where the file cannot be read, holds no figures, or a line has another
     *     number of fields
     */
    static FigureFile read(Path path, List<String> columns) {
        String form = String.join(",", columns) + " on each line";
        List<Line> lines = new ArrayList<>();
        List<String> texts = texts(path, form);
        for (int i = 0; i < texts.size(); i++) {
            // Editors of some systems begin a file with a byte order mark.
            String text = (i == 0 ? texts.get(i).replace("\ufeff", "") : texts.get(i)).trim();
            if (text.isEmpty()
                    || i == 0
                            && text.replace(" ", "").equalsIgnoreCase(String.join(",", columns))) {
                continue;
            }
            List<String> fields = List.of(text.split(",", -1)).stream().map(String::trim).toList();
            if (fields.size() != columns.size()) {
                throw fault(
                        path,
                        i + 1,
                        "'" + text + "' has " + fields.size() + " fields; write " + form);
            }
            lines.add(new Line(i + 1, fields));
        }
        if (lines.isEmpty()) {
            throw new InputException("File " + path + " holds no figures; write " + form + ".");
        }
        return new FigureFile(path, lines);
    }

    private static List<String> texts(Path path, String form) {
        try {
            return Files.readAllLines(path);
        } catch (NoSuchFileException e) {
            throw new InputException(
                    "File " + path + " does not exist; name a file with " + form + ".", e);
        } catch (CharacterCodingException e) {
            throw new InputException(
                    "File " + path + " is no text in UTF-8; name a file with " + form + ".", e);
        } catch (IOException e) {
            throw new InputException(
                    "File " + path + " cannot be read (" + e + "); name a file with " + form + ".",
                    e);
        }
    }

    /** The decimal in a field; any number but an infinite one or NaN. */
    double decimal(Line line, int field, String name) {
        try {
            double value = Double.parseDouble(line.fields().get(field));
            if (Double.isFinite(value)) {
                return value;
            }
        } catch (NumberFormatException e) {
            // falls through to the one sentence for everything that is no number
        }
        throw fault(
                line,
                "'" + line.fields().get(field) + "' is no " + name + "; a finite number is needed");
    }

    /** The whole number, at least 1, in a field. */
    int count(Line line, int field, String name) {
        try {
            int value = Integer.parseInt(line.fields().get(field));
            if (value >= 1) {
                return value;
            }
        } catch (NumberFormatException e) {
            // falls through to the one sentence for everything that is no count
        }
        throw fault(
                line,
                "'"
                        + line.fields().get(field)
                        + "' is no number of "
                        + name
                        + "; a whole number from 1 is needed");
    }

    InputException fault(Line line, String what) {
        return fault(path, line.number(), what);
    }

    private static InputException fault(Path path, int line, String what) {
        return new InputException("File " + path + ", line " + line + ": " + what + ".");
    }
}
