package org.hermesml.training;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.hermesml.training.data.Datasets;

/** Real files, which are no part of the project, and looks at samples. */
public final class TestData {
    /** The folder with real data; skips the test where there is none. */
    public static Path folder() {
        String folder = System.getenv(Datasets.FOLDER_VARIABLE);
        assumeTrue(
                folder != null,
                "skipped: " + Datasets.FOLDER_VARIABLE + " does not name a folder with real data");
        return Path.of(folder);
    }

    /** A file in it; skips the test where it is absent. */
    public static Path file(String path) {
        Path file = folder().resolve(path);
        assumeTrue(Files.exists(file), "skipped: there is no " + file);
        return file;
    }

    /** The first samples of a set, in memory. */
    public static ArraySamples first(Samples all, int count) {
        float[][] features = new float[count][];
        int[] labels = IntStream.range(0, count).map(all::label).toArray();
        for (int i = 0; i < count; i++) {
            features[i] = sample(all, i);
        }
        return ArraySamples.of(all.featureShape(), all.classCount(), features, labels);
    }

    /** The features of one sample. */
    public static float[] sample(Samples samples, int index) {
        float[] features = new float[samples.featureCount()];
        samples.features(index, features, 0);
        return features;
    }

    private TestData() {}
}
