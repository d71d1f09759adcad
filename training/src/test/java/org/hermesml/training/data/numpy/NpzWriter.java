package org.hermesml.training.data.numpy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Writes arrays as numpy does, in every form that it has. */
public final class NpzWriter {
    private final Map<String, byte[]> arrays = new LinkedHashMap<>();
    private boolean stored;

    public NpzWriter stored() {
        stored = true;
        return this;
    }

    public NpzWriter raw(String name, byte[] bytes) {
        arrays.put(name, bytes);
        return this;
    }

    /**
     * @param type such as {@code <f4}
     * @param shape as Python prints it, such as {@code (3, 2)}
     * @param values in the order of the file
     */
    public NpzWriter array(String name, String type, String shape, double... values) {
        return raw(name, npy(1, type, false, shape, values));
    }

    public NpzWriter fortran(String name, String type, String shape, double... values) {
        return raw(name, npy(2, type, true, shape, values));
    }

    public Path write(Path path) throws IOException {
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(path))) {
            for (Map.Entry<String, byte[]> array : arrays.entrySet()) {
                ZipEntry entry = new ZipEntry(array.getKey() + ".npy");
                if (stored) {
                    CRC32 sum = new CRC32();
                    sum.update(array.getValue());
                    entry.setMethod(ZipEntry.STORED);
                    entry.setSize(array.getValue().length);
                    entry.setCrc(sum.getValue());
                }
                zip.putNextEntry(entry);
                zip.write(array.getValue());
                zip.closeEntry();
            }
        }
        return path;
    }

    static byte[] npy(int version, String type, boolean fortran, String shape, double... values) {
        String header =
                "{'descr': '"
                        + type
                        + "', 'fortran_order': "
                        + (fortran ? "True" : "False")
                        + ", 'shape': "
                        + shape
                        + ", }";
        int before = version == 1 ? 10 : 12;
        header += " ".repeat(63 - (before + header.length()) % 64) + "\n";
        ByteBuffer start = ByteBuffer.allocate(before).order(ByteOrder.LITTLE_ENDIAN);
        start.put((byte) 0x93).put("NUMPY".getBytes(StandardCharsets.US_ASCII));
        start.put((byte) version).put((byte) 0);
        if (version == 1) {
            start.putShort((short) header.length());
        } else {
            start.putInt(header.length());
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(start.array());
        out.writeBytes(header.getBytes(StandardCharsets.US_ASCII));
        for (double value : values) {
            out.writeBytes(number(type, value));
        }
        return out.toByteArray();
    }

    private static byte[] number(String type, double value) {
        int size = type.charAt(2) - '0';
        ByteBuffer buffer =
                ByteBuffer.allocate(size)
                        .order(
                                type.charAt(0) == '>'
                                        ? ByteOrder.BIG_ENDIAN
                                        : ByteOrder.LITTLE_ENDIAN);
        String kind = type.charAt(1) == 'f' ? "f" + size : "i" + size;
        switch (kind) {
            case "f8" -> buffer.putDouble(value);
            case "f4" -> buffer.putFloat((float) value);
            case "f2" -> buffer.putShort((short) halfBits(value));
            case "i8" -> buffer.putLong((long) value);
            case "i4" -> buffer.putInt((int) (long) value);
            case "i2" -> buffer.putShort((short) (long) value);
            case "i1" -> buffer.put((byte) (long) value);
            default -> throw new IllegalArgumentException(type);
        }
        return buffer.array();
    }

    /** Of numbers that a half float holds exactly, in its normal range. */
    private static int halfBits(double value) {
        if (value == 0) {
            return 0;
        }
        int exponent = Math.getExponent(value);
        int fraction = (int) ((Math.abs(value) / Math.scalb(1.0, exponent) - 1) * 1024);
        return (value < 0 ? 0x8000 : 0) | exponent + 15 << 10 | fraction;
    }
}
