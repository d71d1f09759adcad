package org.hermesml.training.data.table;

import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.ZipException;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.hermesml.core.InputException;
import org.hermesml.training.data.DataFile;

/**
 * A CSV file, gzip or not, in UTF-8, with cells apart by comma, semicolon or tab, quoted where
 * needed. Read row by row, as often as needed: it is never in memory as a whole.
 *
 * @param names of the columns: from the first row, or their numbers from 1
 * @param header whether the first row holds names
 */
record TableFile(Path path, List<String> names, boolean header, char delimiter) {
    private static final String DELIMITERS = ",;\t";
    private static final int BYTE_ORDER_MARK = 0xfeff;
    private static final int MARK = 1 << 16;

    /** A row without the blanks around its cells. */
    interface Taker {
        /**
         * @param line of the file at which the row begins, from 1
         */
        void row(long line, String[] cells);
    }

    /**
     * @param header empty: seen from the first row, which holds names when all its cells differ,
     *     and none is empty or a number
     * @throws InputException when the file cannot be read or is empty
     */
    static TableFile open(Path path, Optional<Boolean> header) {
        char delimiter = delimiter(path);
        String[][] first = new String[1][];
        read(
                path,
                delimiter,
                (line, cells) -> {
                    first[0] = cells;
                    return false;
                });
        if (first[0] == null) {
            throw new InputException(
                    path + " is empty: a table with a row for each sample is needed.");
        }
        boolean has = header.orElseGet(() -> looksLikeNames(first[0]));
        List<String> names =
                has
                        ? List.of(first[0])
                        : IntStream.rangeClosed(1, first[0].length)
                                .mapToObj(Integer::toString)
                                .toList();
        Set<String> seen = new HashSet<>();
        names.stream()
                .filter(name -> !seen.add(name))
                .findFirst()
                .ifPresent(
                        name -> {
                            throw new InputException(
                                    path
                                            + " has two columns named '"
                                            + name
                                            + "': give each a name of its own, or say --header no when its first"
                                            + " row holds values.");
                        });
        return new TableFile(path, names, has, delimiter);
    }

    /**
     * Every row but that of the names.
     *
     * @throws InputException when a row has more or fewer cells than the first, or cannot be read
     */
    void forEach(Taker taker) {
        boolean[] skip = {header};
        read(
                path,
                delimiter,
                (line, cells) -> {
                    if (cells.length != names.size()) {
                        throw new InputException(
                                at(line)
                                        + " has "
                                        + cells.length
                                        + " cells where the first row has "
                                        + names.size()
                                        + ": every row needs as many, with a cell that holds the delimiter"
                                        + " in quotes.");
                    }
                    if (skip[0]) {
                        skip[0] = false;
                    } else {
                        taker.row(line, cells);
                    }
                    return true;
                });
    }

    /** How a sentence about a row begins. */
    String at(long line) {
        return at(path, line);
    }

    private static String at(Path path, long line) {
        return "Line " + line + " of " + path;
    }

    private static boolean looksLikeNames(String[] cells) {
        return Stream.of(cells).noneMatch(cell -> cell.isEmpty() || Numbers.isOne(cell))
                && Stream.of(cells).distinct().count() == cells.length;
    }

    private interface Rows {
        boolean goOn(long line, String[] cells);
    }

    private static void read(Path path, char delimiter, Rows rows) {
        CSVFormat format =
                CSVFormat.DEFAULT
                        .builder()
                        .setDelimiter(delimiter)
                        .setIgnoreEmptyLines(true)
                        .setIgnoreSurroundingSpaces(true)
                        .get();
        long line = 0;
        try (CSVParser parser = CSVParser.parse(text(path), format)) {
            Iterator<CSVRecord> records = parser.iterator();
            while (records.hasNext()) {
                String[] cells = records.next().values();
                line = parser.getCurrentLineNumber();
                long begin = line;
                for (int i = 0; i < cells.length; i++) {
                    begin -= cells[i].chars().filter(c -> c == '\n').count();
                    cells[i] = cells[i].strip();
                }
                if (!rows.goOn(begin, cells)) {
                    return;
                }
            }
        } catch (UncheckedIOException e) {
            throw unreadable(path, line, e.getCause());
        } catch (IOException e) {
            throw unreadable(path, line, e);
        }
    }

    private static InputException unreadable(Path path, long after, IOException e) {
        if (e instanceof CharacterCodingException) {
            return new InputException(
                    path + " is no text in UTF-8 behind line " + after + ": a CSV file is needed.",
                    e);
        }
        if (e instanceof EOFException && after > 0 || e instanceof ZipException) {
            return new InputException(
                    path
                            + " is truncated or damaged behind line "
                            + after
                            + " ("
                            + e.getMessage()
                            + "): copy it again.",
                    e);
        }
        return new InputException(
                path
                        + " cannot be read behind line "
                        + after
                        + " ("
                        + e.getMessage()
                        + "): a CSV file is needed, with a quote within a quoted cell written twice.",
                e);
    }

    private static Reader text(Path path) throws IOException {
        BufferedReader reader =
                new BufferedReader(
                        new InputStreamReader(
                                DataFile.open(path), StandardCharsets.UTF_8.newDecoder()),
                        MARK);
        reader.mark(1);
        if (reader.read() != BYTE_ORDER_MARK) {
            reader.reset();
        }
        return reader;
    }

    /** The one that the first line has most of, outside quotes. */
    private static char delimiter(Path path) {
        int[] counts = new int[DELIMITERS.length()];
        try (Reader reader = text(path)) {
            boolean quoted = false;
            boolean some = false;
            for (int c = reader.read(); c >= 0; c = reader.read()) {
                if (c == '"') {
                    quoted = !quoted;
                } else if (!quoted && (c == '\n' || c == '\r') && some) {
                    break;
                } else if (!quoted && DELIMITERS.indexOf(c) >= 0) {
                    counts[DELIMITERS.indexOf(c)]++;
                }
                some |= c != '\n' && c != '\r';
            }
        } catch (IOException e) {
            throw unreadable(path, 0, e);
        }
        int most = 0;
        for (int i = 1; i < counts.length; i++) {
            most = counts[i] > counts[most] ? i : most;
        }
        return DELIMITERS.charAt(most);
    }
}
