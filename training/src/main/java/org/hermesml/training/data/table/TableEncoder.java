package org.hermesml.training.data.table;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.hermesml.core.InputException;
import org.hermesml.core.TableOptions;
import org.hermesml.core.message.SampleType;
import org.hermesml.core.message.TableColumn;
import org.hermesml.core.message.TableForm;
import org.hermesml.training.data.SampleLayout;

/** Rows to features: numbers standardised, categories one-hot. */
final class TableEncoder {
    private final TableFile file;
    private final TableColumns columns;
    private final TableForm form;
    private final int featureCount;

    TableEncoder(TableFile file, TableColumns columns, TableForm form) {
        this.file = file;
        this.columns = columns;
        this.form = form;
        this.featureCount = featureCount(form);
    }

    static SampleLayout layout(TableForm form) {
        return new SampleLayout(
                SampleType.FLOAT32, new int[] {featureCount(form)}, form.getClassNamesCount(), 1);
    }

    private static int featureCount(TableForm form) {
        // a column of categories without any has nothing to tell
        return form.getColumnsList().stream()
                .mapToInt(column -> Math.max(1, column.getCategoriesCount()))
                .sum();
    }

    /**
     * @return room for so many rows, little endian
     * @throws InputException when no array holds them
     */
    ByteBuffer rows(int count) {
        long bytes = 4L * count * featureCount;
        if (bytes > Integer.MAX_VALUE - 64) {
            throw new InputException(
                    file.path()
                            + " has "
                            + count
                            + " rows of "
                            + featureCount
                            + " features in one part: at most 2 GB of them can be read, so divide the file.");
        }
        return ByteBuffer.allocate((int) bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Appends the features of one row. */
    void put(long line, String[] cells, ByteBuffer rows) {
        for (int i = 0; i < columns.features().length; i++) {
            TableColumn column = form.getColumns(i);
            String cell = cells[columns.features()[i]];
            boolean missing = TableOptions.isMissing(cell, form.getMissingList());
            if (column.getCategoriesCount() > 0) {
                for (String category : column.getCategoriesList()) {
                    rows.putFloat(!missing && category.equals(cell) ? 1 : 0);
                }
            } else {
                rows.putFloat(missing ? 0 : standardised(line, cell, column));
            }
        }
    }

    private float standardised(long line, String cell, TableColumn column) {
        if (!(column.getDeviation() > 0)) {
            return 0;
        }
        double value = Numbers.parse(cell);
        if (Double.isNaN(value)) {
            throw new InputException(
                    file.at(line)
                            + " holds '"
                            + cell
                            + "' in column "
                            + column.getName()
                            + ": a number is needed, or one of "
                            + stands(form.getMissingList())
                            + " where there is no value.");
        }
        return (float) ((value - column.getMean()) / column.getDeviation());
    }

    /**
     * @throws InputException when it is none of the classes
     */
    int label(long line, String[] cells) {
        String label = cells[columns.label()];
        int number = form.getClassNamesList().indexOf(label);
        if (number < 0) {
            throw new InputException(
                    file.at(line)
                            + " has the class '"
                            + label
                            + "', which the run does not know: its classes are "
                            + String.join(", ", form.getClassNamesList())
                            + ".");
        }
        return number;
    }

    private static String stands(List<String> missing) {
        return missing.isEmpty() ? "an empty cell" : "an empty cell, " + String.join(", ", missing);
    }
}
