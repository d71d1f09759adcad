package org.hermesml.training.data.table;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.hermesml.core.InputException;
import org.hermesml.core.TableOptions;
import org.hermesml.core.message.TableForm;
import org.hermesml.training.Samples;
import org.hermesml.training.data.BlockSamples;
import org.hermesml.training.data.Dataset;
import org.hermesml.training.data.DecodedBlock;
import org.hermesml.training.data.SampleLayout;
import org.hermesml.training.data.Shuffle;

/**
 * A data set in one CSV file: a row for each sample, one column of classes. Read several times and
 * never whole, so that it takes no more memory than its samples.
 */
public final class TableDataset {
    /**
     * Splits the rows of each class at random, and standardises all by the training rows alone.
     *
     * @param seed of the split
     * @throws InputException naming the line that is wrong
     */
    public static Dataset open(String name, Path path, TableOptions options, long seed) {
        TableFile file = TableFile.open(path, header(options));
        TableColumns columns = TableColumns.of(file, options);
        Survey.Seen seen = Survey.of(file, columns, options.missing());
        boolean[] test = split(seen, options.testFraction(), seed, path);
        TableForm form = TableStatistics.of(file, columns, seen, test, options.missing());
        TableEncoder encoder = new TableEncoder(file, columns, form);
        Part train = new Part(encoder, count(test, false));
        Part tested = new Part(encoder, count(test, true));
        int[] row = {0};
        file.forEach((line, cells) -> (test[row[0]++] ? tested : train).add(line, cells));
        SampleLayout layout = TableEncoder.layout(form);
        return new Dataset(name, train.samples(layout), tested.samples(layout), Optional.of(form));
    }

    /**
     * All rows, read as another table was: for a device that keeps its own.
     *
     * @throws InputException naming the line that is wrong, or the column that lacks
     */
    public static Samples openTraining(Path path, TableForm form) {
        TableFile file = TableFile.open(path, Optional.of(form.getHeader()));
        TableEncoder encoder = new TableEncoder(file, TableColumns.of(file, form), form);
        int[] count = {0};
        file.forEach((line, cells) -> count[0]++);
        if (count[0] == 0) {
            throw new InputException(path + " has no rows: at least one is needed to train on.");
        }
        Part all = new Part(encoder, count[0]);
        file.forEach(all::add);
        return all.samples(TableEncoder.layout(form));
    }

    /** A column that is named by its name is one of a table with names. */
    private static Optional<Boolean> header(TableOptions options) {
        boolean named =
                !options.labelColumn().isEmpty() && !options.labelColumn().matches("[0-9]+");
        return options.header().isEmpty() && named ? Optional.of(true) : options.header();
    }

    private static final class Part {
        private final TableEncoder encoder;
        private final ByteBuffer rows;
        private final int[] labels;
        private int next;

        Part(TableEncoder encoder, int count) {
            this.encoder = encoder;
            this.rows = encoder.rows(count);
            this.labels = new int[count];
        }

        void add(long line, String[] cells) {
            labels[next++] = encoder.label(line, cells);
            encoder.put(line, cells, rows);
        }

        Samples samples(SampleLayout layout) {
            return new BlockSamples(
                    layout, List.of(new DecodedBlock(layout, rows.array(), labels)));
        }
    }

    private static boolean[] split(Survey.Seen seen, double fraction, long seed, Path path) {
        int rows = seen.labels().length;
        boolean[] test = new boolean[rows];
        int[] order = Shuffle.identity(rows);
        Shuffle.shuffle(order, new SplittableRandom(seed));
        int classes = seen.classNames().size();
        int[] left = new int[classes];
        for (int label : seen.labels()) {
            left[label]++;
        }
        // never all of a class: the model would be tested on what it has never seen
        Arrays.setAll(left, c -> Math.min(left[c] - 1, (int) Math.round(fraction * left[c])));
        if (Arrays.stream(left).sum() == 0) {
            throw new InputException(
                    path
                            + " has too few rows ("
                            + rows
                            + ") for a test part of "
                            + fraction
                            + " of each class: add rows, or say a larger --test-fraction.");
        }
        for (int row : order) {
            if (left[seen.labels()[row]]-- > 0) {
                test[row] = true;
            }
        }
        return test;
    }

    private static int count(boolean[] test, boolean which) {
        int count = 0;
        for (boolean is : test) {
            count += is == which ? 1 : 0;
        }
        return count;
    }

    private TableDataset() {}
}
