package org.hermesml.training.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Optional;
import org.hermesml.core.InputException;
import org.hermesml.core.TableOptions;
import org.hermesml.core.message.TableForm;
import org.hermesml.training.Samples;
import org.hermesml.training.data.numpy.NpzDataset;
import org.hermesml.training.data.table.TableDataset;

/** A data set in one file, told apart by content: names of files say what people like. */
final class SampleFile {
    private static final int LOOK_BYTES = 4096;
    private static final String ALLOWED =
            "a .npz file (numpy.savez with x_train, y_train, x_test, y_test) or a CSV file is needed";

    private enum Kind {
        NPZ,
        TABLE
    }

    /**
     * @throws InputException when it is neither, or faulty
     */
    static Dataset open(String name, Path path, TableOptions table, long seed) {
        return kind(path) == Kind.NPZ
                ? NpzDataset.open(name, path)
                : TableDataset.open(name, path, table, seed);
    }

    /**
     * The samples to train on alone.
     *
     * @param form how the run's table was read; empty: the run is not about a table
     * @throws InputException as {@link #open}, or where a table meets a run that is about none
     */
    static Samples openTraining(Path path, Optional<TableForm> form) {
        if (kind(path) == Kind.NPZ) {
            return NpzDataset.openTraining(path);
        }
        if (form.isEmpty()) {
            throw new InputException(
                    path
                            + " is a table, but the run's data set is none: only a run that was started with a CSV"
                            + " file says how to read another one; name a .npz file or a folder instead.");
        }
        return TableDataset.openTraining(path, form.get());
    }

    private static Kind kind(Path path) {
        byte[] begin;
        try (InputStream in = DataFile.open(path)) {
            begin = in.readNBytes(LOOK_BYTES);
        } catch (IOException e) {
            throw new InputException(path + " cannot be read: " + e.getMessage() + ".", e);
        }
        if (begin.length == 0) {
            throw new InputException(path + " is empty: " + ALLOWED + ".");
        }
        if (begins(begin, 'P', 'K', 3, 4) || begins(begin, 'P', 'K', 5, 6)) {
            return Kind.NPZ;
        }
        if (NpzDataset.isSingleArray(begin)) {
            throw new InputException(
                    path + " holds a single array, of samples without labels: " + ALLOWED + ".");
        }
        if (begins(begin, 0x80)) {
            throw new InputException(
                    path + " looks like a Python pickle, which is not opened: " + ALLOWED + ".");
        }
        for (byte value : begin) {
            if (value == 0) {
                throw new InputException(path + " is no data set that is known: " + ALLOWED + ".");
            }
        }
        return Kind.TABLE;
    }

    private static boolean begins(byte[] begin, int... bytes) {
        for (int i = 0; i < bytes.length; i++) {
            if (i >= begin.length || (begin[i] & 0xff) != bytes[i]) {
                return false;
            }
        }
        return true;
    }

    private SampleFile() {}
}
