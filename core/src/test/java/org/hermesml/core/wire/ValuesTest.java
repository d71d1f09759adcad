package org.hermesml.core.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.hermesml.core.message.ValueType;
import org.junit.jupiter.api.Test;

class ValuesTest {
    @Test
    void everyHalfSurvivesTheWayToFloatAndBack() {
        for (int bits = 0; bits < 1 << 16; bits++) {
            float value = Values.fromHalf((short) bits);
            if (Float.isNaN(value)) {
                assertTrue((bits & 0x7fff) > 0x7c00);
                assertTrue(Float.isNaN(Values.fromHalf(Values.toHalf(value))));
            } else {
                assertEquals(reference(bits), value, 0.0f);
                assertEquals((short) bits, Values.toHalf(value), Integer.toHexString(bits));
            }
        }
    }

    @Test
    void aFloatBecomesTheNearestHalfAndTheEvenOneOfTwoAsNear() {
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 100_000; i++) {
            float value = Float.intBitsToFloat(random.nextInt());
            if (Float.isNaN(value) || Math.abs(value) >= 65520) {
                continue;
            }
            checkNearest(value);
        }
        for (int bits = 0; bits < 0x7bff; bits++) {
            float middle =
                    (Values.fromHalf((short) bits) + Values.fromHalf((short) (bits + 1))) / 2;
            checkNearest(middle);
            checkNearest(Math.nextUp(middle));
            checkNearest(-Math.nextDown(middle));
        }
    }

    private static void checkNearest(float value) {
        short half = Values.toHalf(value);
        BigDecimal exact = new BigDecimal(value);
        BigDecimal off = exact.subtract(new BigDecimal(Values.fromHalf(half))).abs();
        int magnitude = half & 0x7fff;
        for (int neighbour : new int[] {magnitude - 1, magnitude + 1}) {
            if (neighbour < 0 || neighbour >= 0x7c00) {
                continue;
            }
            float other = Math.copySign(Values.fromHalf((short) neighbour), value);
            int closer = off.compareTo(exact.subtract(new BigDecimal(other)).abs());
            assertTrue(closer < 0 || closer == 0 && (magnitude & 1) == 0, () -> "" + value);
        }
    }

    /** Binary16 by its definition. */
    private static float reference(int bits) {
        int exponent = bits >>> 10 & 0x1f;
        int mantissa = bits & 0x3ff;
        double magnitude =
                exponent == 31
                        ? Double.POSITIVE_INFINITY
                        : exponent == 0
                                ? mantissa * Math.pow(2, -24)
                                : (1 + mantissa / 1024.0) * Math.pow(2, exponent - 15);
        return (float) ((bits & 0x8000) == 0 ? magnitude : -magnitude);
    }

    @Test
    void whatIsTooLargeForAHalfIsInfinite() {
        assertEquals((short) 0x7bff, Values.toHalf(65504));
        assertEquals((short) 0x7bff, Values.toHalf(Math.nextDown(65520f)));
        assertEquals((short) 0x7c00, Values.toHalf(65520));
        assertEquals((short) 0xfc00, Values.toHalf(Float.NEGATIVE_INFINITY));
        assertTrue(Float.isNaN(Values.fromHalf(Values.toHalf(Float.NaN))));
        assertEquals((short) 0x8000, Values.toHalf(-0.0f));
    }

    @Test
    void valuesAreLittleEndianAndKeepTheirBits() {
        float[] values = {1, -2.5f, Float.MIN_VALUE, Float.MAX_VALUE, 0.1f};
        ByteString bytes = Values.encode(values, 0, values.length, ValueType.FP32);
        assertEquals(ByteString.fromHex("0000803f"), bytes.substring(0, 4));
        assertArrayEquals(values, Values.decode(bytes, ValueType.FP32));

        ByteString halves = Values.encode(values, 1, 1, ValueType.FP16);
        assertEquals(ByteString.fromHex("00c1"), halves);
        float[] into = new float[3];
        Values.decode(halves, ValueType.FP16, into, 2);
        assertArrayEquals(new float[] {0, 0, -2.5f}, into);
        assertThrows(
                IllegalArgumentException.class,
                () -> Values.bytes(1, ValueType.VALUE_TYPE_UNSPECIFIED));
    }

    @Test
    void scaledBytesAreAScaleAndThenABytePerValue() {
        // Largest magnitude 127 makes a scale of 1: halves show the rounding to even.
        float[] values = {-127, 0.5f, 1.5f, -2.5f, 126.6f, 0};
        ByteString bytes = Values.encode(values, 0, values.length, ValueType.INT8);
        assertEquals(ByteString.fromHex("0000803f" + "810002fe7f00"), bytes);
        assertArrayEquals(
                new float[] {-127, 0, 2, -2, 127, 0}, Values.decode(bytes, ValueType.INT8));
        float[] into = new float[8];
        Values.decode(bytes, ValueType.INT8, into, 2);
        assertArrayEquals(new float[] {0, 0, -127, 0, 2, -2, 127, 0}, into);
    }

    @Test
    void everyBlockOfScaledBytesHasAScaleOfItsOwn() {
        float[] values = new float[258];
        values[255] = 254;
        values[256] = 0x1p-20f;
        values[257] = -0x1p-21f;
        ByteString bytes = Values.encode(values, 0, values.length, ValueType.INT8);
        assertEquals(258 + 2 * 4, bytes.size());
        assertEquals(ByteString.fromHex("00000040"), bytes.substring(0, 4));
        assertEquals(ByteString.fromHex("7f"), bytes.substring(259, 260));
        float[] read = Values.decode(bytes, ValueType.INT8);
        assertEquals(254, read[255]);
        assertEquals(0x1p-20f, read[256], 0x1p-42f);
        assertEquals(-0x1p-21f, read[257], 0x1p-20f / 254);
    }

    @Test
    void scaledBytesAreOffByHalfAScaleAtMost() {
        SplittableRandom random = new SplittableRandom(2);
        for (int round = 0; round < 300; round++) {
            float[] values = new float[1 + random.nextInt(700)];
            double spread = Math.pow(10, random.nextDouble() * 60 - 30);
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) (spread * (random.nextDouble() - 0.3));
            }
            ByteString bytes = Values.encode(values, 0, values.length, ValueType.INT8);
            float[] read = Values.decode(bytes, ValueType.INT8);
            assertEquals(values.length, read.length);
            for (int start = 0; start < values.length; start += 256) {
                int end = Math.min(values.length, start + 256);
                double largest = 0;
                for (int i = start; i < end; i++) {
                    largest = Math.max(largest, Math.abs(values[i]));
                }
                for (int i = start; i < end; i++) {
                    assertEquals(values[i], read[i], largest / 254 * 1.0001);
                }
            }
            // what was rounded once stays as it is, but for the last bits of the scale
            float[] again =
                    Values.decode(
                            Values.encode(read, 0, read.length, ValueType.INT8), ValueType.INT8);
            for (int i = 0; i < read.length; i++) {
                assertEquals(read[i], again[i], Math.abs(read[i]) * 1e-6);
            }
        }
    }

    @Test
    void valuesTooSmallForAScaleAreZero() {
        float[] tiny = {Float.MIN_VALUE, -100 * Float.MIN_NORMAL, 0, -0.0f};
        ByteString bytes = Values.encode(tiny, 0, tiny.length, ValueType.INT8);
        assertArrayEquals(new float[4], Values.decode(bytes, ValueType.INT8));
    }

    @Test
    void aBlockWithWhatIsNoNumberHasNoNumbers() {
        for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, -1 / 0f}) {
            float[] values = new float[257];
            values[3] = bad;
            values[256] = 7;
            float[] read =
                    Values.decode(
                            Values.encode(values, 0, values.length, ValueType.INT8),
                            ValueType.INT8);
            assertTrue(Float.isNaN(read[0]) && Float.isNaN(read[3]));
            assertEquals(7, read[256]);
        }
    }

    @Test
    void asManyValuesAreReadAsWereWritten() {
        for (ValueType type : new ValueType[] {ValueType.FP32, ValueType.FP16, ValueType.INT8}) {
            for (int count = 0; count < 1100; count++) {
                int size = (int) Values.bytes(count, type);
                assertEquals(count, Values.count(size, type), type + " " + count);
            }
        }
    }

    @Test
    void whatTravelledIsWhatTheReaderOfEverySliceFinds() {
        SplittableRandom random = new SplittableRandom(3);
        float[] values = new float[1000];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (random.nextDouble() - 0.5) * i;
        }
        Slicing slicing = new Slicing(1000, 3, 300);
        for (ValueType type : new ValueType[] {ValueType.FP32, ValueType.FP16, ValueType.INT8}) {
            float[] travelled = Values.travelled(values, type, slicing);
            for (Slicing.Slice slice : slicing.slices()) {
                int first = (int) slice.first();
                float[] read =
                        Values.decode(Values.encode(values, first, slice.count(), type), type);
                assertArrayEquals(
                        read, Arrays.copyOfRange(travelled, first, first + slice.count()));
            }
        }
    }

    @Test
    void theChecksumIsTheCastagnoliOneWhateverPartsTheBytesCameIn() {
        // The check value of CRC-32C in the catalogue of parametrised CRC algorithms.
        ByteString digits = ByteString.copyFrom("123456789", StandardCharsets.US_ASCII);
        assertEquals(0xe3069283, Values.crc32c(digits));
        assertEquals(0, Values.crc32c(ByteString.EMPTY));
        ByteString half = digits;
        for (int i = 0; i < 8; i++) {
            half = half.concat(half);
        }
        assertEquals(Values.crc32c(ByteString.copyFrom(half.toByteArray())), Values.crc32c(half));
    }
}
