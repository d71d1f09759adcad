package org.hermesml.training.data;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.zip.ZipException;
import org.hermesml.core.InputException;

/**
 * One IDX file of unsigned bytes: a magic number, the sizes of its dimensions, all big endian, then
 * the values.
 *
 * @param rows 1 for labels
 * @param columns 1 for labels
 */
record IdxFile(Path path, int count, int rows, int columns, byte[] bytes) {
    private static final int IMAGES = 0x00000803;
    private static final int LABELS = 0x00000801;

    /** What one array holds. */
    private static final long MAX_BYTES = Integer.MAX_VALUE - 64;

    static IdxFile images(Path path) {
        return read(path, IMAGES, "images");
    }

    static IdxFile labels(Path path) {
        return read(path, LABELS, "labels");
    }

    String size() {
        return rows + "x" + columns;
    }

    int highest() {
        int highest = 0;
        for (byte value : bytes) {
            highest = Math.max(highest, value & 0xff);
        }
        return highest;
    }

    int[] numbers() {
        int[] numbers = new int[bytes.length];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = bytes[i] & 0xff;
        }
        return numbers;
    }

    private static IdxFile read(Path path, int magic, String what) {
        try (DataInputStream in = new DataInputStream(DataFile.open(path))) {
            int found = in.readInt();
            if (found != magic) {
                throw new InputException(
                        String.format(
                                "%s begins with 0x%08x where an IDX file of %s begins with 0x%08x: it is another kind of file.",
                                path, found, what, magic));
            }
            int count = in.readInt();
            int rows = magic == IMAGES ? in.readInt() : 1;
            int columns = magic == IMAGES ? in.readInt() : 1;
            if (count < 1
                    || rows < 1
                    || columns < 1
                    || (double) count * rows * columns > MAX_BYTES) {
                throw new InputException(
                        path
                                + " announces "
                                + Integer.toUnsignedString(count)
                                + " "
                                + what
                                + " of "
                                + rows
                                + "x"
                                + columns
                                + ": at least one is needed, and at most "
                                + MAX_BYTES
                                + " bytes in all.");
            }
            return new IdxFile(
                    path, count, rows, columns, values(in, path, what, count, rows * columns));
        } catch (EOFException | ZipException e) {
            throw new InputException(
                    path + " is truncated or damaged (" + e.getMessage() + "): fetch it again.", e);
        } catch (IOException e) {
            throw new InputException(path + " cannot be read: " + e.getMessage() + ".", e);
        }
    }

    private static byte[] values(InputStream in, Path path, String what, int count, int bytesEach)
            throws IOException {
        int due = count * bytesEach;
        // grows with what is really there: a damaged header must not cost the whole memory
        byte[] bytes = in.readNBytes(due);
        if (bytes.length < due) {
            throw new InputException(
                    path
                            + " is truncated: it announces "
                            + count
                            + " "
                            + what
                            + " but ends after "
                            + bytes.length / bytesEach
                            + ": fetch it again.");
        }
        if (in.read() >= 0) {
            throw new InputException(
                    path
                            + " goes on after its "
                            + count
                            + " "
                            + what
                            + ": its header and its length do not agree, fetch it again.");
        }
        return bytes;
    }
}
