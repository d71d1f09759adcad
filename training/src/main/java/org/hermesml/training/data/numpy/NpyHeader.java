package org.hermesml.training.data.numpy;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What stands ahead of the numbers of an array that numpy saved (format versions 1 to 3, see {@code
 * numpy.lib.format}).
 *
 * @param shape not to be changed
 * @param columnMajor whether the first index runs fastest (Fortran order), else the last
 * @param bytes that the header itself takes
 */
record NpyHeader(NpyType type, long[] shape, boolean columnMajor, long bytes) {
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};

    /** A thousand times what an array of plain numbers needs. */
    private static final long MOST_TEXT = 1 << 20;

    private static final Pattern TYPE =
            Pattern.compile("['\"]descr['\"]\\s*:\\s*['\"]([^'\"]*)['\"]");
    private static final Pattern ORDER =
            Pattern.compile("['\"]fortran_order['\"]\\s*:\\s*(True|False)");
    private static final Pattern SHAPE = Pattern.compile("['\"]shape['\"]\\s*:\\s*\\(([^)]*)\\)");

    /** Whether a file begins like an array that numpy saved. */
    static boolean isMagic(byte[] begin) {
        return Arrays.equals(Arrays.copyOf(begin, MAGIC.length), MAGIC);
    }

    /**
     * @throws Unfit when it is no header, or one of an array that holds no plain numbers
     */
    static NpyHeader read(DataInputStream in) throws IOException, Unfit {
        byte[] begin = new byte[MAGIC.length];
        in.readFully(begin);
        if (!isMagic(begin)) {
            throw new Unfit("is no array that numpy saved");
        }
        int version = in.readUnsignedByte();
        in.readUnsignedByte();
        if (version < 1 || version > 3) {
            throw new Unfit("has a header of version " + version + "; 1 to 3 can be read");
        }
        long low = in.readUnsignedByte() | in.readUnsignedByte() << 8;
        long high = version == 1 ? 0 : in.readUnsignedByte() | in.readUnsignedByte() << 8;
        long length = low + (high << 16);
        if (length > MOST_TEXT) {
            throw new Unfit(
                    "has a header of " + length + " bytes, which none of plain numbers needs");
        }
        byte[] text = new byte[(int) length];
        in.readFully(text);
        long bytes = MAGIC.length + 2 + (version == 1 ? 2 : 4) + length;
        return parse(new String(text, StandardCharsets.UTF_8), bytes);
    }

    private static NpyHeader parse(String text, long bytes) throws Unfit {
        Matcher type = TYPE.matcher(text);
        Matcher order = ORDER.matcher(text);
        Matcher shape = SHAPE.matcher(text);
        if (!order.find() || !shape.find()) {
            throw new Unfit("has a header that says no order or no shape");
        }
        return new NpyHeader(
                NpyType.of(type.find() ? type.group(1) : "a structure"),
                sizes(shape.group(1)),
                order.group(1).equals("True"),
                bytes);
    }

    private static long[] sizes(String text) throws Unfit {
        try {
            long[] sizes =
                    Arrays.stream(text.split(","))
                            .map(String::strip)
                            .filter(size -> !size.isEmpty())
                            // Python 2 wrote long numbers with an L behind them
                            .map(
                                    size ->
                                            size.endsWith("L")
                                                    ? size.substring(0, size.length() - 1)
                                                    : size)
                            .mapToLong(Long::parseLong)
                            .toArray();
            if (Arrays.stream(sizes).allMatch(size -> size >= 0)) {
                return sizes;
            }
        } catch (NumberFormatException e) {
            // refused below
        }
        throw new Unfit("has the shape (" + text + "), which is none");
    }

    /** Numbers in all; {@link Long#MAX_VALUE} where that is too small to say it. */
    long count() {
        long count = 1;
        for (long size : shape) {
            try {
                count = Math.multiplyExact(count, size);
            } catch (ArithmeticException e) {
                return Long.MAX_VALUE;
            }
        }
        return count;
    }

    /** As Python prints it. */
    String shapeText() {
        return shapeText(shape);
    }

    static String shapeText(long[] shape) {
        return Arrays.stream(shape)
                .mapToObj(Long::toString)
                .collect(Collectors.joining(", ", "(", shape.length == 1 ? ",)" : ")"));
    }
}
