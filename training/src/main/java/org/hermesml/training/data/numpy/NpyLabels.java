package org.hermesml.training.data.numpy;

import java.io.DataInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Locale;

/**
 * The classes of many samples.
 *
 * @param classes that there are, where the labels are one-hot; else the highest label and one
 * @param oneHot whether {@code classes} is said by the array's shape
 */
record NpyLabels(int[] labels, int classes, boolean oneHot) {
    /** Far above any classifier for a device; a label beyond it is no class number. */
    private static final int MOST_CLASSES = 100_000;

    private static final long MOST_NUMBERS = 1 << 28;

    /**
     * Takes class numbers, {@code (n,)} or {@code (n, 1)}, and one-hot rows, {@code (n, classes)}.
     */
    static NpyLabels read(NpyHeader header, DataInputStream in) throws IOException, Unfit {
        long[] sizes = header.shape();
        if (sizes.length < 1
                || sizes.length > 2
                || header.count() == 0
                || header.count() > MOST_NUMBERS) {
            throw new Unfit(
                    "has the shape "
                            + header.shapeText()
                            + ": labels have the shape (n,), (n, 1) or, one-hot, (n, classes)");
        }
        int count = (int) sizes[0];
        int[] labels = new int[count];
        if (sizes.length == 1 || sizes[1] == 1) {
            NpyNumbers.read(
                    header,
                    NpyNumbers.rows(sizes),
                    in,
                    (place, value) -> labels[place] = classNumber(place, value));
            return new NpyLabels(labels, Arrays.stream(labels).max().orElseThrow() + 1, false);
        }
        int classes = (int) sizes[1];
        Arrays.fill(labels, -1);
        NpyNumbers.read(
                header,
                NpyNumbers.rows(sizes),
                in,
                (place, value) -> {
                    int sample = place / classes;
                    if (value == 1 && labels[sample] < 0) {
                        labels[sample] = place % classes;
                    } else if (value != 0) {
                        throw notOneHot(sample);
                    }
                });
        for (int i = 0; i < count; i++) {
            if (labels[i] < 0) {
                throw notOneHot(i);
            }
        }
        return new NpyLabels(labels, classes, true);
    }

    private static int classNumber(int sample, double value) throws Unfit {
        if (value != Math.rint(value) || value < 0 || value >= MOST_CLASSES) {
            throw new Unfit(
                    String.format(
                            Locale.ROOT,
                            "holds %s for sample %d (counted from 0): labels are class numbers from 0, below %d",
                            value == Math.rint(value) && Math.abs(value) < 1e15
                                    ? Long.toString((long) value)
                                    : Double.toString(value),
                            sample,
                            MOST_CLASSES));
        }
        return (int) value;
    }

    private static Unfit notOneHot(int sample) {
        return new Unfit(
                "has several columns, of which row "
                        + sample
                        + " (counted from 0) is not one-hot: each row holds a single 1 and else 0, or give class"
                        + " numbers in one column");
    }
}
