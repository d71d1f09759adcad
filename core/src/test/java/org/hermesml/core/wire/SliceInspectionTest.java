package org.hermesml.core.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.protobuf.ByteString;
import org.hermesml.core.message.RefusalKind;
import org.hermesml.core.message.UpdateSlice;
import org.hermesml.core.message.ValueType;
import org.junit.jupiter.api.Test;

class SliceInspectionTest {
    @Test
    void aSoundSliceHasItsSquaredLength() {
        assertEquals(
                new SliceInspection(RefusalKind.REFUSAL_KIND_UNSPECIFIED, "", 25),
                SliceInspection.of(slice(3, -4).build()));
        assertEquals(
                new SliceInspection(RefusalKind.REFUSAL_KIND_UNSPECIFIED, "", 25),
                SliceInspection.of(halves(3, -4).build()));
        assertEquals(
                new SliceInspection(RefusalKind.REFUSAL_KIND_UNSPECIFIED, "", 127 * 127 + 1),
                SliceInspection.of(bytes(127, -1).build()));
    }

    @Test
    void oneChangedBitIsNoticed() {
        UpdateSlice.Builder slice = slice(3, 4);
        byte[] bytes = slice.getValues().toByteArray();
        bytes[5] ^= 4;
        assertFault(
                RefusalKind.WRONG_CHECKSUM,
                "slice 2 does not match its checksum",
                slice.setValues(ByteString.copyFrom(bytes)));
    }

    @Test
    void valuesThatAreNoNumbersAreNoticedThoughTheirChecksumIsRight() {
        assertFault(RefusalKind.NOT_FINITE, "slice 2 holds NaN or infinity", slice(1, Float.NaN));
        assertFault(
                RefusalKind.NOT_FINITE,
                "slice 2 holds NaN or infinity",
                slice(Float.NEGATIVE_INFINITY, 1));
        assertFault(RefusalKind.NOT_FINITE, "slice 2 holds NaN or infinity", halves(1e9f, 1));
        assertFault(RefusalKind.NOT_FINITE, "slice 2 holds NaN or infinity", bytes(1, Float.NaN));
        assertFault(
                RefusalKind.NOT_FINITE,
                "slice 2 holds NaN or infinity",
                bytes(1, Float.NEGATIVE_INFINITY));
    }

    @Test
    void countAndBytesMustAgree() {
        assertFault(
                RefusalKind.WRONG_SIZE,
                "slice 2 says 3 parameters but holds 8 bytes",
                slice(1, 2).setCount(3));
        assertFault(
                RefusalKind.WRONG_SIZE,
                "slice 2 says 3 parameters but holds 6 bytes",
                bytes(1, 2).setCount(3));
        assertFault(RefusalKind.WRONG_SIZE, "slice 2 says 0 parameters but holds 0 bytes", slice());
        assertFault(
                RefusalKind.WRONG_SIZE,
                "slice 2 says -1 parameters but holds 8 bytes",
                slice(1, 2).setCount(-1));
        assertFault(
                RefusalKind.WRONG_SIZE,
                "slice 2 says 2147483647 parameters but holds 8 bytes",
                slice(1, 2).setCount(Integer.MAX_VALUE));
    }

    @Test
    void aNumberFormatOfAnotherReleaseIsNotKnown() {
        String fault = "slice 2 has a number format that is not known here";
        assertFault(RefusalKind.WRONG_SIZE, fault, slice(1).setTypeValue(9));
        assertFault(RefusalKind.WRONG_SIZE, fault, slice(1).clearType());
    }

    private static void assertFault(RefusalKind kind, String fault, UpdateSlice.Builder slice) {
        assertEquals(new SliceInspection(kind, fault, 0), SliceInspection.of(slice.build()));
    }

    private static UpdateSlice.Builder slice(float... values) {
        return slice(ValueType.FP32, values);
    }

    private static UpdateSlice.Builder halves(float... values) {
        return slice(ValueType.FP16, values);
    }

    private static UpdateSlice.Builder bytes(float... values) {
        return slice(ValueType.INT8, values);
    }

    private static UpdateSlice.Builder slice(ValueType type, float... values) {
        ByteString bytes = Values.encode(values, 0, values.length, type);
        return UpdateSlice.newBuilder()
                .setSlice(2)
                .setCount(values.length)
                .setType(type)
                .setValues(bytes)
                .setCrc32C(Values.crc32c(bytes));
    }
}
