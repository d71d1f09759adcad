package org.hermesml.training.data.numpy;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.hermesml.core.InputException;
import org.hermesml.core.message.SampleType;
import org.hermesml.training.Samples;
import org.hermesml.training.data.BlockSamples;
import org.hermesml.training.data.Dataset;
import org.hermesml.training.data.DecodedBlock;
import org.hermesml.training.data.SampleLayout;

/** A data set in one file of arrays, by the names that Keras uses. */
public final class NpzDataset {
    private static final String X_TRAIN = "x_train";
    private static final String Y_TRAIN = "y_train";
    private static final String X_TEST = "x_test";
    private static final String Y_TEST = "y_test";
    private static final List<String> ALL = List.of(X_TRAIN, Y_TRAIN, X_TEST, Y_TEST);
    private static final float PIXEL_SCALE = 1f / 255;

    /** Whether a file begins like one array that numpy saved by itself. */
    public static boolean isSingleArray(byte[] begin) {
        return NpyHeader.isMagic(begin);
    }

    /**
     * @throws InputException when it lacks an array, or one is damaged or unfit
     */
    public static Dataset open(String name, Path path) {
        try (NpzFile file = new NpzFile(path)) {
            require(file, path, ALL);
            Part train = part(file, path, X_TRAIN, Y_TRAIN);
            Part test = part(file, path, X_TEST, Y_TEST);
            checkAlike(path, train, test);
            return new Dataset(name, train.samples(), test.samples());
        }
    }

    /**
     * The training part alone, for a device that keeps its own.
     *
     * @throws InputException as {@link #open}
     */
    public static Samples openTraining(Path path) {
        try (NpzFile file = new NpzFile(path)) {
            require(file, path, List.of(X_TRAIN, Y_TRAIN));
            return part(file, path, X_TRAIN, Y_TRAIN).samples();
        }
    }

    private record Part(NpyFeatures features, NpyLabels labels) {
        Samples samples() {
            // a device may have samples of the first class alone: the run says how many there are
            SampleLayout layout =
                    new SampleLayout(
                            features.type(),
                            features.shape(),
                            Math.max(2, labels.classes()),
                            features.type() == SampleType.UINT8 ? PIXEL_SCALE : 1);
            return new BlockSamples(
                    layout, List.of(new DecodedBlock(layout, features.rows(), labels.labels())));
        }
    }

    private static void require(NpzFile file, Path path, List<String> names) {
        Optional<String> missing = names.stream().filter(n -> !file.has(n)).findFirst();
        if (missing.isPresent()) {
            throw new InputException(
                    path
                            + " lacks the array "
                            + missing.get()
                            + ": it holds "
                            + (file.names().isEmpty() ? "none" : String.join(", ", file.names()))
                            + ", and must hold "
                            + String.join(", ", names)
                            + ".");
        }
    }

    private static Part part(NpzFile file, Path path, String x, String y) {
        NpyFeatures features = file.read(x, NpyFeatures::read);
        NpyLabels labels = file.read(y, NpyLabels::read);
        if (features.count() != labels.labels().length) {
            throw new InputException(
                    "Array "
                            + x
                            + " of "
                            + path
                            + " holds "
                            + features.count()
                            + " samples, but "
                            + y
                            + " "
                            + labels.labels().length
                            + " labels: the two must belong together.");
        }
        return new Part(features, labels);
    }

    private static void checkAlike(Path path, Part train, Part test) {
        NpyFeatures a = train.features;
        NpyFeatures b = test.features;
        if (a.type() != b.type() || !a.shapeText().equals(b.shapeText())) {
            throw new InputException(
                    String.format(
                            "Samples of %s have shape %s and type %s in %s, but %s and %s in %s: both parts must be alike.",
                            path,
                            a.shapeText(),
                            a.type(),
                            X_TRAIN,
                            b.shapeText(),
                            b.type(),
                            X_TEST));
        }
        boolean unequal =
                train.labels.oneHot()
                        && test.labels.oneHot()
                        && train.labels.classes() != test.labels.classes();
        if (unequal || test.labels.classes() > train.labels.classes()) {
            throw new InputException(
                    String.format(
                            "Labels of %s go from 0 to %d in %s, but to %d in %s: no class may be seen in the test alone.",
                            path,
                            train.labels.classes() - 1,
                            Y_TRAIN,
                            test.labels.classes() - 1,
                            Y_TEST));
        }
        if (train.labels.classes() < 2) {
            throw new InputException(
                    "All labels of " + path + " are 0: at least two classes are needed.");
        }
    }

    private NpzDataset() {}
}
