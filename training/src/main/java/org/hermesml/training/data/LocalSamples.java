package org.hermesml.training.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.hermesml.core.InputException;
import org.hermesml.core.message.DataIndex;
import org.hermesml.core.message.TableForm;
import org.hermesml.training.Samples;

/** Samples that a device keeps: read from its own files, and used for nothing but its training. */
public final class LocalSamples {
    /**
     * The training samples at {@code path}, as the run's samples are.
     *
     * @param path folder of IDX files or CIFAR-10 batches, {@code .npz} file, or CSV file
     * @param run whose samples these must be like: shape, type, scale, classes
     * @param mostBytes that they may take in memory
     * @throws InputException when they cannot be read or do not fit
     */
    public static Samples open(Path path, DataIndex run, long mostBytes) {
        Samples own = read(path, run.hasTable() ? Optional.of(run.getTable()) : Optional.empty());
        SampleLayout layout = SampleLayout.of(run);
        check(path, SampleLayout.of(own), layout);
        long bytes = (long) layout.bytesPerSample() * own.count();
        if (bytes > mostBytes) {
            throw new InputException(
                    String.format(
                            "The %d samples of --local-data %s take %d MB, more than the data memory of %d MB:"
                                    + " raise --data-memory (and -Xmx), or keep fewer samples there.",
                            own.count(), path, bytes >> 20, mostBytes >> 20));
        }
        for (int i = 0; i < own.count(); i++) {
            if (own.label(i) >= layout.classCount()) {
                throw new InputException(
                        "Sample "
                                + i
                                + " (counted from 0) of --local-data "
                                + path
                                + " has the class "
                                + own.label(i)
                                + "; those of the run go from 0 to "
                                + (layout.classCount() - 1)
                                + ".");
            }
        }
        return new WithClasses(own, layout.classCount());
    }

    /**
     * Checks option {@code --local-data} before any run is known.
     *
     * @throws InputException when there is nothing at {@code path}
     */
    public static void requireSome(Path path) {
        if (!Files.exists(path)) {
            throw new InputException(
                    "--local-data "
                            + path
                            + " does not exist; name a folder of IDX files or CIFAR-10 batches, a .npz file or a CSV"
                            + " file.");
        }
    }

    private static Samples read(Path path, Optional<TableForm> form) {
        requireSome(path);
        if (Files.isRegularFile(path)) {
            return SampleFile.openTraining(path, form);
        }
        if (IdxFolder.looksLikeOne(path)) {
            return IdxFolder.openTraining(path);
        }
        if (CifarFolder.looksLikeOne(path)) {
            return CifarFolder.openTraining(path);
        }
        throw new InputException(
                "--local-data "
                        + path
                        + " holds no training samples: the folder must hold "
                        + IdxFolder.FILES.get(0)
                        + " and "
                        + IdxFolder.FILES.get(1)
                        + ", or batches of CIFAR-10; or name a .npz or CSV file.");
    }

    private static void check(Path path, SampleLayout own, SampleLayout run) {
        if (!Arrays.equals(own.shape(), run.shape())) {
            throw unlike(
                    path, "shape " + Arrays.toString(own.shape()), Arrays.toString(run.shape()));
        }
        if (own.type() != run.type()) {
            throw unlike(path, "type " + own.type(), run.type().toString());
        }
        if (own.scale() != run.scale()) {
            throw unlike(path, "scale " + own.scale(), Float.toString(run.scale()));
        }
    }

    private static InputException unlike(Path path, String own, String runs) {
        return new InputException(
                "The samples of --local-data "
                        + path
                        + " have "
                        + own
                        + ", those of the run "
                        + runs
                        + ": a device's own samples must be stored like the run's.");
    }

    /** As many classes as the run has, whichever this device has seen. */
    private static final class WithClasses extends SamplesView {
        private final int classCount;

        WithClasses(Samples own, int classCount) {
            super(own);
            this.classCount = classCount;
        }

        @Override
        public int classCount() {
            return classCount;
        }
    }

    private LocalSamples() {}
}
