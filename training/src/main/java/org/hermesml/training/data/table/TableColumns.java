package org.hermesml.training.data.table;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.hermesml.core.InputException;
import org.hermesml.core.TableOptions;
import org.hermesml.core.message.TableColumn;
import org.hermesml.core.message.TableForm;

/**
 * Which columns of a table hold what; positions from 0.
 *
 * @param features in the order in which they become features; not to be changed
 */
record TableColumns(int label, int[] features) {
    /**
     * @throws InputException when a column that an option names is not there, or none is left
     */
    static TableColumns of(TableFile file, TableOptions options) {
        int count = file.names().size();
        int label =
                options.labelColumn().isEmpty()
                        ? count - 1
                        : find(file, "--label-column", options.labelColumn());
        Set<Integer> left = new HashSet<>(Set.of(label));
        for (String ignored : options.ignored()) {
            int column = find(file, "--ignore-columns", ignored);
            if (column == label) {
                throw new InputException(
                        "--ignore-columns "
                                + ignored
                                + " names the column of classes of "
                                + file.path()
                                + ": name another one of those with --label-column.");
            }
            left.add(column);
        }
        List<Integer> features = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            if (!left.contains(i)) {
                features.add(i);
            }
        }
        if (features.isEmpty()) {
            throw new InputException(
                    file.path()
                            + " has no column left for features: besides that of the classes at least one is"
                            + " needed.");
        }
        return new TableColumns(label, features.stream().mapToInt(i -> i).toArray());
    }

    /**
     * Those that {@code form} names.
     *
     * @throws InputException when one is not there
     */
    static TableColumns of(TableFile file, TableForm form) {
        return new TableColumns(
                required(file, form.getLabelColumn()),
                form.getColumnsList().stream()
                        .map(TableColumn::getName)
                        .mapToInt(name -> required(file, name))
                        .toArray());
    }

    private static int required(TableFile file, String name) {
        int column = file.names().indexOf(name);
        if (column < 0) {
            throw new InputException(
                    file.path()
                            + " lacks column "
                            + name
                            + " of the run's table: it has "
                            + shown(file)
                            + ".");
        }
        return column;
    }

    private static int find(TableFile file, String option, String asked) {
        int byName = file.header() ? file.names().indexOf(asked) : -1;
        if (byName >= 0) {
            return byName;
        }
        if (asked.matches("[0-9]{1,9}")) {
            int number = Integer.parseInt(asked);
            if (number >= 1 && number <= file.names().size()) {
                return number - 1;
            }
        }
        throw new InputException(
                option
                        + " "
                        + asked
                        + ": "
                        + file.path()
                        + " has no such column; it has "
                        + shown(file)
                        + ".");
    }

    private static String shown(TableFile file) {
        List<String> names = file.names();
        return file.header() && names.size() <= 60
                ? String.join(", ", names)
                : "columns 1 to " + names.size();
    }
}
