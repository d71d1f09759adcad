package org.hermesml.training.data;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.hermesml.core.InputException;
import org.hermesml.training.Samples;

/**
 * The files of CIFAR-10 (A. Krizhevsky, Learning Multiple Layers of Features from Tiny Images,
 * 2009), binary version, each plain or with {@code .gz} behind its name; in the folder itself or in
 * the one that the published archive unpacks to. Any of the five training batches will do, so that
 * a part of the set can be used.
 */
final class CifarFolder {
    private static final String UNPACKED = "cifar-10-batches-bin";
    private static final String TEST = "test_batch.bin";
    private static final List<String> TRAINING =
            IntStream.rangeClosed(1, 5).mapToObj(i -> "data_batch_" + i + ".bin").toList();
    private static final float SCALE = 1f / 255;

    /** What a folder must hold, for people. */
    static final String FILES = TRAINING.get(0) + " (to " + TRAINING.get(4) + ") and " + TEST;

    /**
     * Whether at least one of the files is there: then this folder is meant, and a missing one is a
     * fault.
     */
    static boolean looksLikeOne(Path folder) {
        return within(folder).isPresent();
    }

    /**
     * @throws InputException when a file is missing, truncated or something else
     */
    static Dataset open(String name, Path folder) {
        Path here = within(folder).orElse(folder);
        List<Path> training = training(here);
        Optional<Path> test = DataFile.find(here, TEST);
        if (training.isEmpty() || test.isEmpty()) {
            throw new InputException(
                    "The data folder "
                            + here
                            + " lacks "
                            + (training.isEmpty() ? TRAINING.get(0) : TEST)
                            + ": it must hold "
                            + FILES
                            + ", each plain or with .gz behind its name.");
        }
        return new Dataset(name, samples(training), samples(List.of(test.get())));
    }

    /**
     * The training batches that are there.
     *
     * @throws InputException when there is none, or one is truncated or something else
     */
    static Samples openTraining(Path folder) {
        List<Path> training = training(within(folder).orElse(folder));
        if (training.isEmpty()) {
            throw new InputException(
                    "The data folder "
                            + folder
                            + " lacks "
                            + TRAINING.get(0)
                            + " (or a later batch).");
        }
        return samples(training);
    }

    private static Samples samples(List<Path> batches) {
        SampleLayout layout = CifarBatch.layout(SCALE);
        return new BlockSamples(
                layout, batches.stream().map(path -> CifarBatch.read(path, layout)).toList());
    }

    private static Optional<Path> within(Path folder) {
        return Stream.of(folder, folder.resolve(UNPACKED))
                .filter(f -> !training(f).isEmpty() || DataFile.find(f, TEST).isPresent())
                .findFirst();
    }

    private static List<Path> training(Path folder) {
        return TRAINING.stream().flatMap(name -> DataFile.find(folder, name).stream()).toList();
    }

    private CifarFolder() {}
}
