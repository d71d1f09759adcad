package org.hermesml.training.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.hermesml.core.InputException;
import org.hermesml.core.message.SampleType;
import org.hermesml.training.Samples;

/** The four files of MNIST and its relatives, each plain or with {@code .gz} behind its name. */
final class IdxFolder {
    static final List<String> FILES =
            List.of(
                    "train-images-idx3-ubyte",
                    "train-labels-idx1-ubyte",
                    "t10k-images-idx3-ubyte",
                    "t10k-labels-idx1-ubyte");
    private static final float SCALE = 1f / 255;

    /** One image file and its labels. */
    private record Part(IdxFile images, IdxFile labels) {}

    /**
     * Whether at least one of the four is there: then this folder is meant, and a missing one is a
     * fault.
     */
    static boolean looksLikeOne(Path folder) {
        return FILES.stream().anyMatch(name -> DataFile.find(folder, name).isPresent());
    }

    /**
     * @throws InputException when a file is missing, truncated or something else, or two do not fit
     *     together
     */
    static Dataset open(String name, Path folder) {
        List<Path> paths = paths(folder, FILES);
        Part train = new Part(IdxFile.images(paths.get(0)), IdxFile.labels(paths.get(1)));
        Part test = new Part(IdxFile.images(paths.get(2)), IdxFile.labels(paths.get(3)));
        check(train);
        check(test);
        if (train.images.rows() != test.images.rows()
                || train.images.columns() != test.images.columns()) {
            throw new InputException(
                    "The training images of "
                            + folder
                            + " are "
                            + train.images.size()
                            + ", the test images "
                            + test.images.size()
                            + ": both must have one size.");
        }
        int classes = Math.max(train.labels.highest(), test.labels.highest()) + 1;
        if (classes < 2) {
            throw new InputException(
                    "All labels in " + folder + " are 0: at least two classes are needed.");
        }
        int[] shape = {1, train.images.rows(), train.images.columns()};
        SampleLayout layout = new SampleLayout(SampleType.UINT8, shape, classes, SCALE);
        return new Dataset(name, samples(layout, train), samples(layout, test));
    }

    /**
     * The training part alone, whose folder may lack the other files.
     *
     * @throws InputException as {@link #open}
     */
    static Samples openTraining(Path folder) {
        List<Path> paths = paths(folder, FILES.subList(0, 2));
        Part train = new Part(IdxFile.images(paths.get(0)), IdxFile.labels(paths.get(1)));
        check(train);
        int[] shape = {1, train.images.rows(), train.images.columns()};
        int classes = Math.max(2, train.labels.highest() + 1);
        return samples(new SampleLayout(SampleType.UINT8, shape, classes, SCALE), train);
    }

    private static List<Path> paths(Path folder, List<String> needed) {
        List<Path> paths = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        for (String file : needed) {
            DataFile.find(folder, file).ifPresentOrElse(paths::add, () -> missing.add(file));
        }
        if (!missing.isEmpty()) {
            throw new InputException(
                    "The data folder "
                            + folder
                            + " lacks "
                            + String.join(" and ", missing)
                            + ": it must hold "
                            + String.join(", ", needed)
                            + ", each plain or with .gz behind its name.");
        }
        return paths;
    }

    private static Samples samples(SampleLayout layout, Part part) {
        return new BlockSamples(
                layout,
                List.of(new DecodedBlock(layout, part.images.bytes(), part.labels.numbers())));
    }

    private static void check(Part part) {
        if (part.images.count() != part.labels.count()) {
            throw new InputException(
                    part.images.path()
                            + " holds "
                            + part.images.count()
                            + " images, but "
                            + part.labels.path()
                            + " "
                            + part.labels.count()
                            + " labels: the two must belong together.");
        }
    }

    private IdxFolder() {}
}
