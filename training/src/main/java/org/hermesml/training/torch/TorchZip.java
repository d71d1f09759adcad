package org.hermesml.training.torch;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Entries of a zip as torch wants them: stored as they are, and aligned. */
final class TorchZip {
    /** Torch aligns tensors so, that they can be mapped into memory. */
    private static final int ALIGNMENT = 64;

    private static final int HEADER_BYTES = 30;
    private static final int EXTRA_HEADER_BYTES = 4;

    /**
     * Appends an entry.
     *
     * @param position bytes written so far
     */
    static void put(ZipOutputStream out, String name, byte[] content, long position)
            throws IOException {
        ZipEntry entry = new ZipEntry(name);
        CRC32 sum = new CRC32();
        sum.update(content);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(content.length);
        entry.setCrc(sum.getValue());
        entry.setTimeLocal(LocalDateTime.of(1980, 1, 1, 0, 0));
        int nameBytes = name.getBytes(StandardCharsets.UTF_8).length;
        long start = position + HEADER_BYTES + nameBytes + EXTRA_HEADER_BYTES;
        int padding = (int) Math.floorMod(-start, (long) ALIGNMENT);
        byte[] extra = new byte[EXTRA_HEADER_BYTES + padding];
        extra[0] = 'F';
        extra[1] = 'B';
        extra[2] = (byte) padding;
        extra[3] = (byte) (padding >> 8);
        entry.setExtra(extra);
        out.putNextEntry(entry);
        out.write(content);
        out.closeEntry();
    }

    private TorchZip() {}
}
