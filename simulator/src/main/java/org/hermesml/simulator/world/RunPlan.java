package org.hermesml.simulator.world;

import org.hermesml.core.account.Patience;
import org.hermesml.core.defence.Defence;
import org.hermesml.core.message.RunSpec;
import org.hermesml.core.message.UpdateForm;
import org.hermesml.core.message.ValueType;
import org.hermesml.core.method.Method;
import org.hermesml.core.method.Methods;
import org.hermesml.core.method.PushRule;
import org.hermesml.core.settings.Settings;
import org.hermesml.core.wire.Slicing;
import org.hermesml.core.wire.Values;
import org.hermesml.simulator.learning.Learning.Measure;
import org.hermesml.training.data.HeldOut;

/**
 * What everybody in a run knows of it.
 *
 * @param slicing of the parameters that there are here
 * @param patienceMs after which a worker that waits says again what it waits for
 * @param signsEveryMs after which a worker that is busy says that it lives
 */
record RunPlan(
        RunSpec spec,
        Settings settings,
        Method method,
        Slicing slicing,
        double learningRate,
        ValueType updateType,
        long patienceMs,
        long signsEveryMs,
        RecordSizes sizes) {
    static RunPlan of(RunSpec spec, long travellingParameters) {
        Settings settings = Settings.of(spec.getSettingsMap());
        Method method = Methods.of(settings);
        return new RunPlan(
                spec,
                settings,
                method,
                Slicing.of(spec.getParameterCount(), settings),
                settings.get(Settings.LEARNING_RATE),
                Values.type(settings.get(Settings.UPDATE_TYPE)),
                Patience.ms(settings),
                Patience.signsEveryMs(settings),
                new RecordSizes(spec, settings, travellingParameters, method.updateForm()));
    }

    PushRule pushRule() {
        return method.pushRule();
    }

    UpdateForm form() {
        return method.updateForm();
    }

    boolean scoresUpdates() {
        return method.scoresUpdates();
    }

    /** Whether the evaluator measures updates to hold their reports against. */
    boolean auditsUpdates() {
        return Defence.audits(settings, method);
    }

    /** What of its model a worker measures after an iteration. */
    Measure measure() {
        if (!pushRule().usesHeldOutLoss()) {
            return Measure.NONE;
        }
        return settings.get(Settings.FRESH_HELD_OUT) ? Measure.QUARTER : Measure.ALL;
    }

    /** Samples that a worker measures on. */
    int measuredSamples() {
        return switch (measure()) {
            case NONE -> 0;
            case ALL -> heldOutSamples();
            case QUARTER -> HeldOut.quarterOf(heldOutSamples());
        };
    }

    /** Of each training block, in order; not to be changed. */
    int[] blockSamples() {
        return sizes.blockSamples();
    }

    boolean prefetch() {
        return settings.get(Settings.PREFETCH);
    }

    int heldOutSamples() {
        return spec.getData().getHeldOutList().stream().mapToInt(b -> b.getCount()).sum();
    }
}
