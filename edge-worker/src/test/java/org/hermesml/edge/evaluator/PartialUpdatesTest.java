package org.hermesml.edge.evaluator;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import org.hermesml.core.log.UpdateIds;
import org.hermesml.core.message.UpdateForm;
import org.hermesml.core.message.UpdateSlice;
import org.hermesml.core.message.ValueType;
import org.hermesml.core.wire.Values;
import org.junit.jupiter.api.Test;

class PartialUpdatesTest {
    private final PartialUpdates updates = new PartialUpdates(4, UpdateForm.GRADIENT_SUM);
    private final float[] values = new float[4];

    private static UpdateSlice.Builder slice(String worker, long sequence, int slice, float value) {
        ByteString encoded = Values.encode(new float[] {value, value}, 0, 2, ValueType.FP32);
        return UpdateSlice.newBuilder()
                .setId(UpdateIds.of(worker, 1, sequence))
                .setForm(UpdateForm.GRADIENT_SUM)
                .setSlice(slice)
                .setSliceCount(2)
                .setFirst(2L * slice)
                .setCount(2)
                .setType(ValueType.FP32)
                .setValues(encoded)
                .setCrc32C(Values.crc32c(encoded));
    }

    @Test
    void anUpdateIsReadyWithItsLastSliceWhateverTheirOrder() {
        updates.take(slice("a", 1, 1, 7).build());
        assertFalse(updates.hasReady());
        updates.take(slice("a", 1, 0, 6).build());
        assertEquals(UpdateIds.of("a", 1, 1), updates.next(values).orElseThrow());
        assertArrayEquals(new float[] {6, 6, 7, 7}, values);
        assertTrue(updates.next(values).isEmpty());
    }

    @Test
    void aNewerUpdateOfTheSameWorkerTakesThePlaceOfAnOlderOne() {
        updates.take(slice("a", 1, 0, 1).build());
        updates.take(slice("a", 1, 1, 1).build());
        updates.take(slice("a", 2, 0, 2).build());
        assertFalse(updates.hasReady());
        updates.take(slice("a", 1, 1, 1).build());
        updates.take(slice("a", 2, 1, 2).build());
        assertEquals(2, updates.next(values).orElseThrow().getSequence());
    }

    @Test
    void whatWasScoredIsNotScoredAgainWhenItsSlicesComeAgain() {
        updates.take(slice("a", 1, 0, 1).build());
        updates.take(slice("a", 1, 1, 1).build());
        updates.next(values);
        updates.take(slice("a", 1, 0, 1).build());
        updates.take(slice("a", 1, 1, 1).build());
        assertFalse(updates.hasReady());
    }

    @Test
    void aDamagedSliceDoesNotCount() {
        updates.take(slice("a", 1, 0, 1).build());
        updates.take(slice("a", 1, 1, 1).setCrc32C(1).build());
        updates.take(slice("a", 1, 1, 1).setFirst(3).build());
        assertFalse(updates.hasReady());
    }
}
