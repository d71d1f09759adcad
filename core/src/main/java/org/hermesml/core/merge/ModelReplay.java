package org.hermesml.core.merge;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import org.hermesml.core.log.LogBook;
import org.hermesml.core.message.RunSpec;
import org.hermesml.core.message.UpdateId;
import org.hermesml.core.message.Verdict;
import org.hermesml.core.settings.Settings;
import org.hermesml.core.state.NumberedVerdict;
import org.hermesml.core.state.VerdictLogState;
import org.hermesml.core.wire.Slicing;

/**
 * Makes the model of a run anew from its verdict log and the slices that the log names: the same
 * bytes for every version as the job made, whatever happened to the job in between. Used by one
 * thread.
 */
public final class ModelReplay {
    /** Where the slices of updates are found. */
    @FunctionalInterface
    public interface SliceSource {
        /** The values of one slice of one update, as they were sent; not changed by the replay. */
        float[] values(UpdateId id, int slice);
    }

    private final Slicing slicing;
    private final double learningRate;
    private final SliceSource source;
    private final List<SliceModel> models;
    private final LogBook log = new LogBook(VerdictLogState.getDefaultInstance());
    private double roundWeight;

    /** Before the log's first entry. */
    public ModelReplay(RunSpec spec, SliceSource source) {
        this(spec, null, source);
    }

    /**
     * Goes on from a version; see {@link ReplayStart} for what that takes. Its entries come by
     * {@link #apply(NumberedVerdict)}.
     *
     * @param weights {@code [parameters]}, copied; null: before the log's first entry
     */
    public ModelReplay(RunSpec spec, float[] weights, SliceSource source) {
        Settings settings = Settings.of(spec.getSettingsMap());
        this.slicing = Slicing.of(spec.getParameterCount(), settings);
        this.learningRate = settings.get(Settings.LEARNING_RATE);
        this.source = source;
        this.models = slicing.slices().stream().map(slice -> begin(slice, weights)).toList();
    }

    private static SliceModel begin(Slicing.Slice slice, float[] weights) {
        if (weights == null) {
            return SliceModel.empty();
        }
        int first = (int) slice.first();
        float[] part = Arrays.copyOfRange(weights, first, first + slice.count());
        return new SliceModel(part, null, null, null, null);
    }

    /**
     * Reads the next entry of the log.
     *
     * @return the version that the entry made; empty when it made none
     */
    public OptionalLong apply(Verdict verdict) {
        NumberedVerdict entry = log.read(verdict);
        log.decided().forgetChanges();
        return apply(entry);
    }

    /**
     * Takes the next entry of a log that is read elsewhere; not to be mixed with {@link
     * #apply(Verdict)}.
     *
     * @return the version that the entry made; empty when it made none
     */
    public OptionalLong apply(NumberedVerdict entry) {
        Verdict verdict = entry.getVerdict();
        if (entry.getIgnored()) {
            return OptionalLong.empty();
        }
        for (int slice = 0; slice < models.size(); slice++) {
            apply(verdict, models.get(slice), slice);
        }
        if (verdict.hasHeld()) {
            roundWeight += verdict.getHeld().getWeight();
        } else if (verdict.hasRoundClosed()) {
            roundWeight = 0;
        }
        return entry.getNewVersion() ? OptionalLong.of(entry.getVersion()) : OptionalLong.empty();
    }

    /** A copy of the model as it stands, {@code [parameters]}. */
    public float[] model() {
        float[] all = new float[Math.toIntExact(slicing.parameterCount())];
        for (Slicing.Slice slice : slicing.slices()) {
            System.arraycopy(
                    models.get(slice.slice()).weights(),
                    0,
                    all,
                    (int) slice.first(),
                    slice.count());
        }
        return all;
    }

    private void apply(Verdict verdict, SliceModel model, int slice) {
        switch (verdict.getDecisionCase()) {
            case ADMITTED ->
                    model.admit(
                            verdict.getAdmitted(),
                            source.values(verdict.getAdmitted().getId(), slice),
                            learningRate);
            case HELD ->
                    model.hold(
                            source.values(verdict.getHeld().getId(), slice),
                            verdict.getHeld().getWeight(),
                            roundWeight);
            case ROUND_CLOSED -> model.closeRound(verdict.getRoundClosed(), roundWeight);
            default -> {}
        }
    }
}
