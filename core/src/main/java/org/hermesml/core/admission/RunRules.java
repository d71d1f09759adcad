package org.hermesml.core.admission;

import org.hermesml.core.defence.Defence;
import org.hermesml.core.message.BlockAddress;
import org.hermesml.core.message.RunSpec;
import org.hermesml.core.method.Method;
import org.hermesml.core.method.Methods;
import org.hermesml.core.settings.Settings;
import org.hermesml.core.wire.Slicing;

/**
 * What admission takes from the spec of its run. Immutable.
 *
 * @param usesHeldOutLoss whether workers report a held-out loss
 */
record RunRules(
        String run,
        Method method,
        boolean usesHeldOutLoss,
        PendingUpdates pendingUpdates,
        Stopping stopping,
        Defence defence,
        int heldOutSamples,
        long scoreDeadlineMs,
        long pushDeadlineMs,
        long startPatienceMs,
        int minWorkers) {

    static RunRules of(RunSpec spec) {
        Settings settings = Settings.of(spec.getSettingsMap());
        Method method = Methods.of(settings);
        Slicing slicing = Slicing.of(spec.getParameterCount(), settings);
        return new RunRules(
                spec.getRun(),
                method,
                method.pushRule().usesHeldOutLoss(),
                new PendingUpdates(slicing, method.updateForm()),
                new Stopping(settings),
                Defence.of(settings, method),
                spec.getData().getHeldOutList().stream().mapToInt(BlockAddress::getCount).sum(),
                settings.get(Settings.SCORE_DEADLINE).toMillis(),
                settings.get(Settings.PUSH_DEADLINE).toMillis(),
                settings.get(Settings.START_PATIENCE).toMillis(),
                settings.get(Settings.MIN_WORKERS));
    }

    Starts starts(long nowMs) {
        return new Starts(nowMs, startPatienceMs);
    }
}
