package org.hermesml.core.wire;

import org.hermesml.core.message.UpdateForm;
import org.hermesml.core.message.ValueType;
import org.hermesml.core.settings.Settings;

/**
 * Error feedback: what rounding took from a pushed delta is added to the next one of the same
 * worker, so that small movements add up instead of vanishing (Seide et al., Interspeech 2014;
 * Karimireddy et al., ICML 2019). For deltas only. What rounding takes from pushed weights belongs
 * to a model that the next pull replaces, and a sum of gradients is sent whole each time. One
 * thread at a time.
 */
public final class Unsent {
    private final ValueType type;
    private final Slicing slicing;

    /** Empty where nothing is kept. */
    private final float[] kept;

    private Unsent(ValueType type, Slicing slicing, boolean keeps) {
        this.type = type;
        this.slicing = slicing;
        this.kept = new float[keeps ? Math.toIntExact(slicing.parameterCount()) : 0];
    }

    /** Of one worker in its present incarnation. */
    public static Unsent of(Settings settings, UpdateForm form, Slicing slicing) {
        ValueType type = Values.type(settings.get(Settings.UPDATE_TYPE));
        boolean keeps =
                settings.get(Settings.KEEP_UNSENT)
                        && form == UpdateForm.DELTA
                        && type != ValueType.FP32;
        return new Unsent(type, slicing, keeps);
    }

    /** What is kept, {@code [parameterCount]}, or empty; the next {@link #addTo} changes it. */
    float[] kept() {
        return kept;
    }

    /**
     * What an earlier life of the worker kept.
     *
     * @param values {@code [parameterCount]}, or empty where it kept nothing
     */
    void restore(float[] values) {
        System.arraycopy(values, 0, kept, 0, Math.min(values.length, kept.length));
    }

    /**
     * Adds to {@code update}, which is to be sent now, what the one before it left, and keeps what
     * this one leaves. Whether the server then takes the update makes no difference: a refused one
     * is not sent again either.
     *
     * @param update {@code [parameterCount]}; changed
     */
    public void addTo(float[] update) {
        if (kept.length == 0) {
            return;
        }
        for (Slicing.Slice slice : slicing.slices()) {
            int first = (int) slice.first();
            int end = first + slice.count();
            for (int i = first; i < end; i++) {
                update[i] += kept[i];
            }
            Values.decode(Values.encode(update, first, slice.count(), type), type, kept, first);
            for (int i = first; i < end; i++) {
                float left = update[i] - kept[i];
                // a value that no reader can use would otherwise come back for ever
                kept[i] = Float.isFinite(left) ? left : 0;
            }
        }
    }
}
