package org.hermesml.training.data.numpy;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.hermesml.core.InputException;

/** A zip of arrays, as {@code numpy.savez} and {@code savez_compressed} write it. */
final class NpzFile implements Closeable {
    private static final String SUFFIX = ".npy";
    private static final int BUFFER_BYTES = 1 << 16;

    /** What an array becomes. */
    interface Reading<T> {
        T read(NpyHeader header, DataInputStream in) throws IOException, Unfit;
    }

    private final Path path;
    private final ZipFile zip;

    /**
     * @throws InputException when it is no zip, or a truncated one
     */
    NpzFile(Path path) {
        this.path = path;
        try {
            this.zip = new ZipFile(path.toFile());
        } catch (ZipException e) {
            throw new InputException(
                    path
                            + " is truncated or no zip ("
                            + e.getMessage()
                            + "): a .npz file is needed as numpy.savez writes it, copy it again.",
                    e);
        } catch (IOException e) {
            throw new InputException(path + " cannot be read: " + e.getMessage() + ".", e);
        }
    }

    boolean has(String name) {
        return zip.getEntry(name + SUFFIX) != null;
    }

    /** The arrays that there are. */
    List<String> names() {
        return zip.stream()
                .map(ZipEntry::getName)
                .map(n -> n.endsWith(SUFFIX) ? n.substring(0, n.length() - SUFFIX.length()) : n)
                .sorted()
                .toList();
    }

    /**
     * @param name of an array that is there
     * @throws InputException when it is damaged, or unfit for {@code reading}
     */
    <T> T read(String name, Reading<T> reading) {
        ZipEntry entry = zip.getEntry(name + SUFFIX);
        CRC32 sum = new CRC32();
        try (DataInputStream in =
                new DataInputStream(
                        new BufferedInputStream(
                                new CheckedInputStream(zip.getInputStream(entry), sum),
                                BUFFER_BYTES))) {
            NpyHeader header = NpyHeader.read(in);
            long due = header.bytes() + bytes(header);
            if (entry.getSize() != due) {
                throw damaged(name, "it should have " + due + " bytes and has " + entry.getSize());
            }
            T result = reading.read(header, in);
            if (in.read() >= 0 || sum.getValue() != entry.getCrc()) {
                throw damaged(name, "its checksum is another");
            }
            return result;
        } catch (Unfit e) {
            throw new InputException(
                    "Array " + name + " of " + path + " " + e.getMessage() + ".", e);
        } catch (EOFException e) {
            throw damaged(name, "it ends too early");
        } catch (IOException e) {
            throw damaged(name, e.getMessage());
        }
    }

    private static long bytes(NpyHeader header) {
        long count = header.count();
        return count > Long.MAX_VALUE / 16 ? Long.MAX_VALUE / 2 : count * header.type().size();
    }

    private InputException damaged(String name, String how) {
        return new InputException(
                "Array "
                        + name
                        + " of "
                        + path
                        + " is truncated or damaged ("
                        + how
                        + "): copy the file again.");
    }

    @Override
    public void close() {
        try {
            zip.close();
        } catch (IOException e) {
            // only read
        }
    }
}
