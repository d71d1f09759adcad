package org.hermesml.training.data.numpy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The type of an array's numbers, from numpy's short name such as {@code <f4}.
 *
 * @param kind {@code b} for booleans, {@code u}, {@code i}, {@code f}
 * @param size of one number in bytes
 */
record NpyType(char kind, int size, ByteOrder order, String name) {
    private static final String FIX =
            "save it as plain numbers, for example with .astype('uint8') or .astype('float32')";

    /**
     * @throws Unfit where it is no type of plain numbers
     */
    static NpyType of(String name) throws Unfit {
        boolean marked = !name.isEmpty() && "<>|=".indexOf(name.charAt(0)) >= 0;
        String rest = marked ? name.substring(1) : name;
        if (rest.startsWith("O")) {
            throw new Unfit("holds Python objects (a pickle), which are not opened: " + FIX);
        }
        ByteOrder order =
                marked && name.charAt(0) == '>' ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        return switch (rest) {
            case "b1", "u1", "u2", "u4", "u8", "i1", "i2", "i4", "i8", "f2", "f4", "f8" ->
                    new NpyType(rest.charAt(0), rest.charAt(1) - '0', order, name);
            default ->
                    throw new Unfit(
                            "holds values of type '"
                                    + name
                                    + "', which are no plain numbers: "
                                    + FIX);
        };
    }

    boolean isPixel() {
        return kind == 'u' && size == 1;
    }

    boolean isWhole() {
        return kind != 'f';
    }

    /** The number at {@code offset} of {@code from}, whose order is this type's. */
    double at(ByteBuffer from, int offset) {
        return switch (kind) {
            case 'f' ->
                    switch (size) {
                        case 2 -> half(from.getShort(offset));
                        case 4 -> from.getFloat(offset);
                        default -> from.getDouble(offset);
                    };
            case 'i' ->
                    switch (size) {
                        case 1 -> from.get(offset);
                        case 2 -> from.getShort(offset);
                        case 4 -> from.getInt(offset);
                        default -> from.getLong(offset);
                    };
            case 'u' ->
                    switch (size) {
                        case 1 -> from.get(offset) & 0xff;
                        case 2 -> from.getShort(offset) & 0xffff;
                        case 4 -> from.getInt(offset) & 0xffffffffL;
                        default -> unsigned(from.getLong(offset));
                    };
            default -> from.get(offset) == 0 ? 0 : 1;
        };
    }

    private static double unsigned(long bits) {
        return bits >= 0 ? bits : 2.0 * (bits >>> 1);
    }

    /** IEEE 754 binary16. */
    private static double half(short bits) {
        int exponent = bits >> 10 & 0x1f;
        int fraction = bits & 0x3ff;
        double size =
                switch (exponent) {
                    case 0 -> Math.scalb((double) fraction, -24);
                    case 0x1f -> fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN;
                    default -> Math.scalb((double) (fraction | 0x400), exponent - 25);
                };
        return bits < 0 ? -size : size;
    }
}
