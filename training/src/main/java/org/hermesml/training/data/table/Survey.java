package org.hermesml.training.data.table;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.hermesml.core.InputException;
import org.hermesml.core.TableOptions;

/**
 * A first look at all rows of a table: the classes, which row has which, and which columns hold
 * numbers.
 */
final class Survey {
    /** More would be names or numbers of things, which tell a model nothing of a new thing. */
    static final int MOST_CATEGORIES = 32;

    private static final int MOST_CLASSES = 1_000;

    private final TableFile file;
    private final TableColumns columns;
    private final List<String> missing;
    private final Look[] looks;
    private final Map<String, Integer> seenClasses = new LinkedHashMap<>();
    private int[] labels = new int[1 << 10];
    private int rows;

    /** What was seen of one column. */
    private static final class Look {
        private final Set<String> values = new HashSet<>();
        private long numbers;
        private long texts;
        private String firstText;
        private long lineOfText;
    }

    private Survey(TableFile file, TableColumns columns, List<String> missing) {
        this.file = file;
        this.columns = columns;
        this.missing = missing;
        this.looks = new Look[columns.features().length];
        Arrays.setAll(looks, i -> new Look());
    }

    /**
     * @param classNames by class number
     * @param labels class numbers, row by row
     * @param categorical for each feature column
     */
    record Seen(List<String> classNames, int[] labels, boolean[] categorical) {}

    /**
     * @throws InputException when the table cannot serve as a data set
     */
    static Seen of(TableFile file, TableColumns columns, List<String> missing) {
        Survey survey = new Survey(file, columns, missing);
        file.forEach(survey::row);
        return survey.seen();
    }

    private void row(long line, String[] cells) {
        String label = cells[columns.label()];
        if (TableOptions.isMissing(label, missing)) {
            throw new InputException(
                    file.at(line)
                            + " has no class in column "
                            + file.names().get(columns.label())
                            + ": leave out rows without one, or name another column with --label-column.");
        }
        if (rows == labels.length) {
            labels = Arrays.copyOf(labels, 2 * rows);
        }
        labels[rows++] = seenClasses.computeIfAbsent(label, l -> seenClasses.size());
        if (seenClasses.size() > MOST_CLASSES) {
            throw noClasses();
        }
        for (int i = 0; i < looks.length; i++) {
            look(looks[i], cells[columns.features()[i]], line);
        }
    }

    private void look(Look look, String cell, long line) {
        if (TableOptions.isMissing(cell, missing)) {
            return;
        }
        if (Numbers.isOne(cell)) {
            look.numbers++;
        } else if (look.texts++ == 0) {
            look.firstText = cell;
            look.lineOfText = line;
        }
        if (look.values.size() <= MOST_CATEGORIES) {
            look.values.add(cell);
        }
    }

    private Seen seen() {
        if (rows == 0) {
            throw new InputException(
                    file.path()
                            + " has names of columns and no rows: one for each sample is needed.");
        }
        if (seenClasses.size() < 2) {
            throw new InputException(
                    "Column "
                            + file.names().get(columns.label())
                            + " of "
                            + file.path()
                            + " holds "
                            + seenClasses.keySet().iterator().next()
                            + " in every row: a column of at least two classes is needed, which --label-column"
                            + " names.");
        }
        if (2 * seenClasses.size() > rows) {
            throw noClasses();
        }
        boolean[] categorical = new boolean[looks.length];
        for (int i = 0; i < looks.length; i++) {
            categorical[i] = isCategorical(looks[i], file.names().get(columns.features()[i]));
        }
        List<String> names = new ArrayList<>(seenClasses.keySet());
        names.sort(order(names));
        int[] numbers = new int[rows];
        int[] renamed = new int[names.size()];
        for (int i = 0; i < names.size(); i++) {
            renamed[seenClasses.get(names.get(i))] = i;
        }
        Arrays.setAll(numbers, i -> renamed[labels[i]]);
        return new Seen(List.copyOf(names), numbers, categorical);
    }

    private boolean isCategorical(Look look, String name) {
        if (look.texts == 0) {
            return false;
        }
        if (look.numbers > look.texts) {
            throw new InputException(
                    file.at(look.lineOfText)
                            + " holds '"
                            + look.firstText
                            + "' in column "
                            + name
                            + ", whose other cells are numbers: correct it, say --missing "
                            + look.firstText
                            + " where it stands for no value, or leave the column out with --ignore-columns "
                            + name
                            + ".");
        }
        if (look.values.size() > MOST_CATEGORIES) {
            throw new InputException(
                    "Column "
                            + name
                            + " of "
                            + file.path()
                            + " holds texts, more than "
                            + MOST_CATEGORIES
                            + " different ones: up to so many become one feature each, so leave the column out with"
                            + " --ignore-columns "
                            + name
                            + ".");
        }
        return true;
    }

    /** As numbers where all are. */
    private static Comparator<String> order(List<String> names) {
        return names.stream().allMatch(Numbers::isOne)
                ? Comparator.comparingDouble(Numbers::parse)
                        .thenComparing(Comparator.naturalOrder())
                : Comparator.naturalOrder();
    }

    private InputException noClasses() {
        return new InputException(
                "Column "
                        + file.names().get(columns.label())
                        + " of "
                        + file.path()
                        + " holds "
                        + seenClasses.size()
                        + " different values in its first "
                        + rows
                        + " rows, too many for classes (at most "
                        + MOST_CLASSES
                        + ", and two rows for each): name the column of classes with --label-column.");
    }
}
