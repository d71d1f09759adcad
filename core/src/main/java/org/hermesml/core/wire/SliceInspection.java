package org.hermesml.core.wire;

import org.hermesml.core.message.RefusalKind;
import org.hermesml.core.message.UpdateSlice;
import org.hermesml.core.message.UpdateSliceOrBuilder;
import org.hermesml.core.state.Ticket;

/**
 * What can be said of a slice by itself: whether it is whole and finite, and how long it is as a
 * vector.
 *
 * @param kind of the fault
 * @param fault one sentence; empty when the slice is sound
 * @param squaredNorm sum of squares of its values; 0 when it is not sound
 */
public record SliceInspection(RefusalKind kind, String fault, double squaredNorm) {
    public static SliceInspection of(UpdateSlice slice) {
        String fault = shapeFault(slice);
        if (!fault.isEmpty()) {
            return new SliceInspection(RefusalKind.WRONG_SIZE, fault, 0);
        }
        if (Values.crc32c(slice.getValues()) != slice.getCrc32C()) {
            return new SliceInspection(
                    RefusalKind.WRONG_CHECKSUM,
                    "slice " + slice.getSlice() + " does not match its checksum",
                    0);
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
            return new SliceInspection(
                    RefusalKind.NOT_FINITE, "slice " + slice + " holds NaN or infinity", 0);
        }
        return new SliceInspection(RefusalKind.REFUSAL_KIND_UNSPECIFIED, "", sum);
    }

    /**
     * What admission is told of the slice.
     *
     * @param slice its values are not looked at
     * @param recordBytes key and value of its record
     */
    public Ticket ticket(UpdateSliceOrBuilder slice, long recordBytes) {
        return Ticket.newBuilder()
                .setRun(slice.getRun())
                .setId(slice.getId())
                .setFormValue(slice.getFormValue())
                .setSlice(slice.getSlice())
                .setSliceCount(slice.getSliceCount())
                .setShard(slice.getShard())
                .setFirst(slice.getFirst())
                .setCount(slice.getCount())
                .setSquaredNorm(squaredNorm)
                .setRecordBytes(recordBytes)
                .setFault(fault)
                .setFaultKind(kind)
                .build();
    }

    private static String shapeFault(UpdateSlice slice) {
        if (!Values.isKnown(slice.getType())) {
            return "slice " + slice.getSlice() + " has a number format that is not known here";
        }
        if (slice.getCount() == 0
                || !Values.fits(slice.getValues(), slice.getCount(), slice.getType())) {
            return "slice "
                    + slice.getSlice()
                    + " says "
                    + slice.getCount()
                    + " parameters but holds "
                    + slice.getValues().size()
                    + " bytes";
        }
        return "";
    }
}
