package org.hermesml.training.data;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.util.StringJoiner;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Arrays of numbers by name, as {@code numpy.load} reads them: a zip of {@code .npy} entries,
 * version 1.0, little endian fp32 in C order. Their order is kept.
 */
public final class NpzWriter implements AutoCloseable {
    private static final int HEADER_MULTIPLE = 64;
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0};

    private final ZipOutputStream zip;

    /**
     * @param out is closed with this one
     */
    public NpzWriter(OutputStream out) {
        zip = new ZipOutputStream(out);
        zip.setMethod(ZipOutputStream.STORED);
    }

    /**
     * @param name unique in the file
     * @param shape lengths of the dimensions, whose product is the number of values; empty for a
     *     single number
     * @param values last dimension fastest
     */
    public void add(String name, int[] shape, float[] values) throws IOException {
        byte[] array = array(shape, values);
        CRC32 crc = new CRC32();
        crc.update(array);
        ZipEntry entry = new ZipEntry(name + ".npy");
        entry.setSize(array.length);
        entry.setCrc(crc.getValue());
        // the same arrays give the same bytes
        entry.setTimeLocal(LocalDateTime.of(1980, 1, 1, 0, 0));
        zip.putNextEntry(entry);
        zip.write(array);
        zip.closeEntry();
    }

    private static byte[] array(int[] shape, float[] values) {
        StringJoiner sizes = new StringJoiner(", ", "(", shape.length == 1 ? ",)" : ")");
        long count = 1;
        for (int size : shape) {
            sizes.add(Integer.toString(size));
            count *= size;
        }
        if (count != values.length) {
            throw new IllegalArgumentException(
                    values.length + " values do not fill the shape " + sizes);
        }
        String text = "{'descr': '<f4', 'fortran_order': False, 'shape': " + sizes + ", }";
        int before = MAGIC.length + Short.BYTES;
        int padding = HEADER_MULTIPLE - (before + text.length() + 1) % HEADER_MULTIPLE;
        byte[] header =
                (text + " ".repeat(padding % HEADER_MULTIPLE) + "\n")
                        .getBytes(StandardCharsets.US_ASCII);
        ByteBuffer bytes =
                ByteBuffer.allocate(before + header.length + Float.BYTES * values.length)
                        .order(ByteOrder.LITTLE_ENDIAN);
        bytes.put(MAGIC).putShort((short) header.length).put(header);
        bytes.asFloatBuffer().put(values);
        return bytes.array();
    }

    @Override
    public void close() throws IOException {
        zip.close();
    }
}
