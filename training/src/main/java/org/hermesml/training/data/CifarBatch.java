package org.hermesml.training.data;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.ZipException;
import org.hermesml.core.InputException;
import org.hermesml.core.message.SampleType;

/**
 * One file of the binary version of CIFAR-10: records of a label byte and 3,072 bytes of pixels,
 * all reds of a 32x32 image row by row, then all greens, then all blues.
 */
final class CifarBatch {
    private static final int CLASSES = 10;

    private static final int[] SHAPE = {3, 32, 32};
    private static final int PIXEL_BYTES = 3 * 32 * 32;
    private static final int RECORD_BYTES = 1 + PIXEL_BYTES;

    /**
     * Ten times a published batch: larger is another kind of file, and must not fill the memory.
     */
    private static final int MAX_RECORDS = 100_000;

    private static final String EXPECTED =
            "a batch of CIFAR-10 (binary version) consists of records of "
                    + RECORD_BYTES
                    + " bytes, a label from 0 to "
                    + (CLASSES - 1)
                    + " and "
                    + PIXEL_BYTES
                    + " of pixels";

    static SampleLayout layout(float scale) {
        return new SampleLayout(SampleType.UINT8, SHAPE.clone(), CLASSES, scale);
    }

    /**
     * @throws InputException naming file and offset of what is wrong; offsets are those of the
     *     unpacked file
     */
    static DecodedBlock read(Path path, SampleLayout layout) {
        ByteArrayOutputStream pixels = new ByteArrayOutputStream(1 << 20);
        int[] labels = new int[1 << 10];
        int count = 0;
        byte[] sample = new byte[RECORD_BYTES];
        try (InputStream in = DataFile.open(path)) {
            for (int got = next(in, sample); got > 0; got = next(in, sample)) {
                long offset = (long) count * RECORD_BYTES;
                if (got < RECORD_BYTES) {
                    throw refusal(path, "ends at offset " + (offset + got) + ", within a record");
                }
                if ((sample[0] & 0xff) >= CLASSES) {
                    throw refusal(
                            path, "has the label " + (sample[0] & 0xff) + " at offset " + offset);
                }
                if (count == MAX_RECORDS) {
                    throw refusal(path, "goes on after " + MAX_RECORDS + " records");
                }
                if (count == labels.length) {
                    labels = Arrays.copyOf(labels, 2 * count);
                }
                labels[count++] = sample[0];
                pixels.write(sample, 1, PIXEL_BYTES);
            }
        } catch (EOFException | ZipException e) {
            throw refusal(
                    path,
                    "is truncated or damaged behind offset "
                            + (long) count * RECORD_BYTES
                            + " ("
                            + e.getMessage()
                            + ")");
        } catch (IOException e) {
            throw new InputException(path + " cannot be read: " + e.getMessage() + ".", e);
        }
        if (count == 0) {
            throw refusal(path, "is empty");
        }
        return new DecodedBlock(layout, pixels.toByteArray(), Arrays.copyOf(labels, count));
    }

    private static int next(InputStream in, byte[] into) throws IOException {
        return in.readNBytes(into, 0, into.length);
    }

    private static InputException refusal(Path path, String fault) {
        return new InputException(path + " " + fault + ": " + EXPECTED + "; fetch it again.");
    }

    private CifarBatch() {}
}
