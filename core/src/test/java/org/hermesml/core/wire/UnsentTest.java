package org.hermesml.core.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.SplittableRandom;
import org.hermesml.core.message.UpdateForm;
import org.hermesml.core.message.ValueType;
import org.hermesml.core.settings.Settings;
import org.junit.jupiter.api.Test;

class UnsentTest {
    private static final Slicing SLICING = new Slicing(600, 2, 131);

    private static Unsent unsent(String type, UpdateForm form, boolean keeps) {
        return Unsent.of(
                Settings.of(Map.of("update_type", type, "keep_unsent", "" + keeps)), form, SLICING);
    }

    @Test
    void whatManyPushesSayIsWhatWasMoved() {
        for (String type : new String[] {"fp16", "int8"}) {
            double kept = worstDrift(type, true, 50);
            double lost = worstDrift(type, false, 50);
            // at most what is waiting for the next push, however many there were
            assertTrue(kept <= worstDrift(type, true, 5) * 2, type + " " + kept);
            assertTrue(kept < lost / 5, type + ": " + kept + " with, " + lost + " without");
        }
    }

    /** The same small delta again and again, beside a large one: the most that any sum is off. */
    private static double worstDrift(String type, boolean keeps, int pushes) {
        Unsent unsent = unsent(type, UpdateForm.DELTA, keeps);
        float[] delta = new float[600];
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < delta.length; i++) {
            delta[i] = i % 100 == 0 ? 1 : (float) random.nextDouble() * 0.01f;
        }
        double[] sums = new double[600];
        for (int push = 0; push < pushes; push++) {
            float[] update = delta.clone();
            unsent.addTo(update);
            float[] read = Values.travelled(update, Values.type(type), SLICING);
            for (int i = 0; i < sums.length; i++) {
                sums[i] += read[i];
            }
        }
        double worst = 0;
        for (int i = 0; i < sums.length; i++) {
            worst = Math.max(worst, Math.abs(sums[i] - (double) pushes * delta[i]));
        }
        return worst;
    }

    @Test
    void nothingIsAddedToWhatIsNoDeltaOrIsSentWhole() {
        for (Unsent none :
                new Unsent[] {
                    unsent("int8", UpdateForm.WEIGHTS, true),
                    unsent("int8", UpdateForm.GRADIENT_SUM, true),
                    unsent("int8", UpdateForm.DELTA, false),
                    unsent("fp32", UpdateForm.DELTA, true)
                }) {
            for (int push = 0; push < 2; push++) {
                float[] update = ramp();
                none.addTo(update);
                assertArrayEquals(ramp(), update);
            }
        }
    }

    @Test
    void aPushThatNobodyCouldReadLeavesNothingBehind() {
        Unsent unsent = unsent("int8", UpdateForm.DELTA, true);
        float[] broken = ramp();
        broken[5] = Float.NaN;
        unsent.addTo(broken);
        float[] next = ramp();
        unsent.addTo(next);
        float[] read = Values.travelled(next, ValueType.INT8, SLICING);
        assertEquals(ramp()[5], read[5], 1);
        assertTrue(Float.isFinite(next[6]));
    }

    private static float[] ramp() {
        float[] values = new float[600];
        for (int i = 0; i < values.length; i++) {
            values[i] = i / 3f;
        }
        return values;
    }
}
