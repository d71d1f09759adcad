package org.hermesml.core.wire;

import org.hermesml.core.message.UpdateSlice;

/**
 * What can be said of a slice by itself: whether it is whole and finite, and how long it is as a
 * vector.
 *
 * @param fault one sentence; empty when the slice is sound
 * @param squaredNorm sum of squares of its values; 0 when it is not sound
 */
public record SliceInspection(String fault, double squaredNorm) {
    public static SliceInspection of(UpdateSlice slice) {
        String fault = shapeFault(slice);
        if (!fault.isEmpty()) {
            return new SliceInspection(fault, 0);
        }
        float[] values = Values.decode(slice.getValues(), slice.getType());
        return ofValues(slice.getSlice(), values, 0, values.length);
    }

    /**
     * Of a slice that came without a wire, {@code count} of {@code values} from {@code first} on.
     */
    public static SliceInspection ofValues(int slice, float[] values, int first, int count) {
        double sum = 0;
        for (int i = first; i < first + count; i++) {
            sum += (double) values[i] * values[i];
        }
        if (!Double.isFinite(sum)) {
            return new SliceInspection("slice " + slice + " holds NaN or infinity", 0);
        }
        return new SliceInspection("", sum);
    }

    private static String shapeFault(UpdateSlice slice) {
        if (!Values.isKnown(slice.getType())) {
            return "slice " + slice.getSlice() + " has a number format that is not known here";
        }
        long expected = Values.bytes(slice.getCount(), slice.getType());
        if (slice.getCount() <= 0 || slice.getValues().size() != expected) {
            return "slice "
                    + slice.getSlice()
                    + " says "
                    + slice.getCount()
                    + " parameters but holds "
                    + slice.getValues().size()
                    + " bytes";
        }
        if (Values.crc32c(slice.getValues()) != slice.getCrc32C()) {
            return "slice " + slice.getSlice() + " does not match its checksum";
        }
        return "";
    }
}
