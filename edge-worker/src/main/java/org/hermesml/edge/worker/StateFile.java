package org.hermesml.edge.worker;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;
import java.util.zip.CheckedOutputStream;
import org.hermesml.core.state.WorkerSnapshot;

/**
 * What a worker saves of itself: a header, arrays of fp32 values little endian, and a checksum of
 * all before it. Written aside and put in place at once, so that whoever reads it sees all of the
 * old or all of the new.
 */
final class StateFile {
    /** Of the file; a reader takes no other. */
    static final int FORMAT = 1;

    static final String ASIDE = ".new";

    private static final int BUFFER_BYTES = 64 << 10;

    /**
     * @param weights {@code [parameterCount]}; empty where the worker pulls first
     * @param pulled {@code [parameterCount]}; empty where no update counts from a pull
     * @param unsent {@code [parameterCount]}; empty where nothing is kept
     */
    record Content(WorkerSnapshot header, float[] weights, float[] pulled, float[] unsent) {}

    /** Where {@code file} is written; left behind by who is killed at it. */
    static Path aside(Path file) {
        return file.resolveSibling(file.getFileName() + ASIDE);
    }

    /** The format of {@code content}'s header is put in here. */
    static void write(Path file, Content content) throws IOException {
        Path aside = aside(file);
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(aside));
                CheckedOutputStream checked = new CheckedOutputStream(out, new CRC32C())) {
            content.header().toBuilder()
                    .setFormat(FORMAT)
                    .setHasPulled(content.pulled().length > 0)
                    .setHasUnsent(content.unsent().length > 0)
                    .build()
                    .writeDelimitedTo(checked);
            for (float[] values : List.of(content.weights(), content.pulled(), content.unsent())) {
                write(values, checked);
            }
            out.write(checksum(checked.getChecksum().getValue()).array());
        } catch (IOException e) {
            Files.deleteIfExists(aside);
            throw e;
        }
        Files.move(
                aside, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    /**
     * @throws IOException when there is no such file or it is not what was written
     */
    static Content read(Path file) throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file));
                CheckedInputStream checked = new CheckedInputStream(in, new CRC32C())) {
            WorkerSnapshot header = WorkerSnapshot.parseDelimitedFrom(checked);
            if (header == null || header.getFormat() != FORMAT) {
                throw new IOException(
                        "it has format "
                                + (header == null ? "none" : header.getFormat())
                                + ", this program reads "
                                + FORMAT);
            }
            boolean pulls = header.getRestored().getPulls();
            boolean hasValues = !pulls || header.getHasPulled() || header.getHasUnsent();
            long most = Files.size(file) / Float.BYTES;
            if (hasValues
                    && !(header.getParameterCount() >= 0 && header.getParameterCount() <= most)) {
                // Before any room is made for them.
                throw new IOException("it ends too early");
            }
            int count = hasValues ? (int) header.getParameterCount() : 0;
            float[] weights = values(pulls ? 0 : count, checked);
            float[] pulled = values(header.getHasPulled() ? count : 0, checked);
            float[] unsent = values(header.getHasUnsent() ? count : 0, checked);
            byte[] expected = checksum(checked.getChecksum().getValue()).array();
            if (!Arrays.equals(expected, in.readNBytes(Integer.BYTES))) {
                throw new IOException("its checksum does not fit");
            }
            return new Content(header, weights, pulled, unsent);
        }
    }

    private static ByteBuffer checksum(long value) {
        return ByteBuffer.allocate(Integer.BYTES).putInt((int) value);
    }

    private static void write(float[] values, OutputStream out) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int first = 0; first < values.length; first += BUFFER_BYTES / Float.BYTES) {
            int count = Math.min(BUFFER_BYTES / Float.BYTES, values.length - first);
            buffer.clear().asFloatBuffer().put(values, first, count);
            out.write(buffer.array(), 0, count * Float.BYTES);
        }
    }

    private static float[] values(int count, InputStream in) throws IOException {
        float[] values = new float[count];
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int first = 0; first < count; first += BUFFER_BYTES / Float.BYTES) {
            int some = Math.min(BUFFER_BYTES / Float.BYTES, count - first);
            if (in.readNBytes(buffer.array(), 0, some * Float.BYTES) < some * Float.BYTES) {
                throw new IOException("it ends too early");
            }
            buffer.clear().asFloatBuffer().get(values, first, some);
        }
        return values;
    }

    private StateFile() {}
}
