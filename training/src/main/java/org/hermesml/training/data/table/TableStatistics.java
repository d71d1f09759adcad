package org.hermesml.training.data.table;

import java.util.List;
import java.util.TreeSet;
import org.hermesml.core.TableOptions;
import org.hermesml.core.message.TableColumn;
import org.hermesml.core.message.TableForm;

/** Mean and deviation of numbers, or the categories there are: from the training rows alone. */
final class TableStatistics {
    private final double[] mean;
    private final double[] squares;
    private final long[] counts;
    private final TreeSet<String>[] categories;

    @SuppressWarnings("unchecked")
    private TableStatistics(boolean[] categorical) {
        mean = new double[categorical.length];
        squares = new double[categorical.length];
        counts = new long[categorical.length];
        categories = new TreeSet[categorical.length];
        for (int i = 0; i < categorical.length; i++) {
            categories[i] = categorical[i] ? new TreeSet<>() : null;
        }
    }

    /**
     * @param test for each row, whether it is no training row
     */
    static TableForm of(
            TableFile file,
            TableColumns columns,
            Survey.Seen seen,
            boolean[] test,
            List<String> missing) {
        TableStatistics statistics = new TableStatistics(seen.categorical());
        int[] row = {0};
        file.forEach(
                (line, cells) -> {
                    if (!test[row[0]++]) {
                        for (int i = 0; i < columns.features().length; i++) {
                            String cell = cells[columns.features()[i]];
                            if (!TableOptions.isMissing(cell, missing)) {
                                statistics.add(i, cell);
                            }
                        }
                    }
                });
        TableForm.Builder form =
                TableForm.newBuilder()
                        .setHeader(file.header())
                        .setLabelColumn(file.names().get(columns.label()))
                        .addAllClassNames(seen.classNames())
                        .addAllMissing(missing);
        for (int i = 0; i < columns.features().length; i++) {
            form.addColumns(statistics.column(i, file.names().get(columns.features()[i])));
        }
        return form.build();
    }

    /** Welford's way, which is exact where all values are the same. */
    private void add(int i, String cell) {
        if (categories[i] != null) {
            categories[i].add(cell);
            return;
        }
        double value = Numbers.parse(cell);
        double off = value - mean[i];
        mean[i] += off / ++counts[i];
        squares[i] += off * (value - mean[i]);
    }

    private TableColumn column(int i, String name) {
        TableColumn.Builder column = TableColumn.newBuilder().setName(name);
        if (categories[i] != null) {
            return column.addAllCategories(categories[i]).build();
        }
        double deviation = counts[i] == 0 ? 0 : Math.sqrt(squares[i] / counts[i]);
        return column.setMean(mean[i]).setDeviation(deviation).build();
    }
}
