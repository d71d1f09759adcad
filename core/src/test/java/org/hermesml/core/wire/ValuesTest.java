package org.hermesml.core.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
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
                () -> Values.bytesPerValue(ValueType.VALUE_TYPE_UNSPECIFIED));
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
