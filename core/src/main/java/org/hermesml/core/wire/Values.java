package org.hermesml.core.wire;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.zip.CRC32C;
import org.hermesml.core.message.ValueType;

/** Parameters as bytes, little endian, in fp32, fp16 or scaled bytes, with CRC-32C. */
public final class Values {
    /** The names that settings have for value types. */
    public static final List<String> TYPES = List.of("fp32", "fp16", "int8");

    /**
     * @param name one of {@link #TYPES}
     */
    public static ValueType type(String name) {
        return switch (name) {
            case "fp32" -> ValueType.FP32;
            case "fp16" -> ValueType.FP16;
            case "int8" -> ValueType.INT8;
            default -> throw new IllegalArgumentException("No such value type: " + name);
        };
    }

    public static boolean isKnown(ValueType type) {
        return type == ValueType.FP32 || type == ValueType.FP16 || type == ValueType.INT8;
    }

    /** Whether {@code values} can be {@code count} numbers of a type that is known here. */
    public static boolean fits(ByteString values, int count, ValueType type) {
        return isKnown(type) && count >= 0 && values.size() == bytes(count, type);
    }

    /** Length of {@code count} values as bytes. */
    public static long bytes(long count, ValueType type) {
        return switch (type) {
            case FP32 -> 4 * count;
            case FP16 -> 2 * count;
            case INT8 -> ScaledBytes.bytes(count);
            default -> throw unknown(type);
        };
    }

    /** How many values are in {@code bytes} that {@link #encode} made. */
    public static int count(int bytes, ValueType type) {
        return switch (type) {
            case FP32 -> bytes / 4;
            case FP16 -> bytes / 2;
            case INT8 -> ScaledBytes.count(bytes);
            default -> throw unknown(type);
        };
    }

    private static IllegalArgumentException unknown(ValueType type) {
        return new IllegalArgumentException("No such value type: " + type);
    }

    /** Encodes {@code count} values of {@code from}, starting at {@code first}. */
    public static ByteString encode(float[] from, int first, int count, ValueType type) {
        byte[] bytes = new byte[Math.toIntExact(bytes(count, type))];
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        switch (type) {
            case FP32 -> buffer.asFloatBuffer().put(from, first, count);
            case FP16 -> {
                for (int i = 0; i < count; i++) {
                    buffer.putShort(2 * i, toHalf(from[first + i]));
                }
            }
            default -> ScaledBytes.encode(from, first, count, buffer);
        }
        return UnsafeByteOperations.unsafeWrap(bytes);
    }

    /** Decodes into {@code into}, starting at {@code first}; the count follows from the bytes. */
    public static void decode(ByteString values, ValueType type, float[] into, int first) {
        ByteBuffer buffer = values.asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
        int count = count(values.size(), type);
        switch (type) {
            case FP32 -> buffer.asFloatBuffer().get(into, first, count);
            case FP16 -> {
                for (int i = 0; i < count; i++) {
                    into[first + i] = fromHalf(buffer.getShort(2 * i));
                }
            }
            default -> ScaledBytes.decode(buffer, into, first, count);
        }
    }

    public static float[] decode(ByteString values, ValueType type) {
        float[] into = new float[count(values.size(), type)];
        decode(values, type, into, 0);
        return into;
    }

    /**
     * What a reader finds of {@code values} that travelled as {@code type}, cut as {@code slicing}
     * says; may be the same array.
     *
     * @param values {@code [slicing.parameterCount()]}
     */
    public static float[] travelled(float[] values, ValueType type, Slicing slicing) {
        if (type == ValueType.FP32) {
            return values;
        }
        float[] rounded = new float[values.length];
        for (Slicing.Slice slice : slicing.slices()) {
            int first = (int) slice.first();
            decode(encode(values, first, slice.count(), type), type, rounded, first);
        }
        return rounded;
    }

    public static int crc32c(ByteString values) {
        CRC32C crc = new CRC32C();
        for (ByteBuffer part : values.asReadOnlyByteBufferList()) {
            crc.update(part);
        }
        return (int) crc.getValue();
    }

    /** IEEE 754 binary16, to nearest even; overflow gives infinity. */
    static short toHalf(float value) {
        int bits = Float.floatToRawIntBits(value);
        int sign = bits >>> 16 & 0x8000;
        int magnitude = bits & 0x7fffffff;
        if (magnitude >= 0x47800000) {
            // 65536 and beyond, infinity, NaN
            return (short) (sign | (magnitude > 0x7f800000 ? 0x7e00 : 0x7c00));
        }
        if (magnitude < 0x38800000) {
            // below the smallest normal half: let float addition round at the right bit
            int rounded =
                    Float.floatToRawIntBits(Float.intBitsToFloat(magnitude) + 0.5f) - 0x3f000000;
            return (short) (sign | rounded);
        }
        int rounded = magnitude + 0xc8000fff + (magnitude >>> 13 & 1) >>> 13;
        return (short) (sign | rounded);
    }

    static float fromHalf(short half) {
        int sign = (half & 0x8000) << 16;
        int exponent = half >>> 10 & 0x1f;
        int mantissa = half & 0x3ff;
        if (exponent == 0) {
            float subnormal = mantissa * 0x1p-24f;
            return sign == 0 ? subnormal : -subnormal;
        }
        int bits =
                exponent == 31
                        ? 0x7f800000 | mantissa << 13
                        : exponent + 112 << 23 | mantissa << 13;
        return Float.intBitsToFloat(sign | bits);
    }

    private Values() {}
}
