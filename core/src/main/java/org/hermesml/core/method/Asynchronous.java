package org.hermesml.core.method;

import java.util.Optional;
import org.hermesml.core.message.MergeKind;
import org.hermesml.core.message.Verdict;
import org.hermesml.core.settings.Settings;
import org.hermesml.core.state.PendingUpdate;

/**
 * Asynchronous parallel: every worker pushes after each iteration, each update is added at arrival,
 * nobody waits for others. The baseline of the Hermes paper; deltas are scaled by the number of
 * workers.
 */
final class Asynchronous implements AdmissionRule {
    private final double deltaScale;

    Asynchronous(Settings settings) {
        this.deltaScale = settings.get(Settings.DELTA_SCALE);
    }

    @Override
    public Optional<Verdict.Builder> decide(PendingUpdate update, Standing standing) {
        return Decisions.admit(update, MergeKind.ADD, scale(deltaScale, standing));
    }

    /** The setting, or 1 / live workers where it is 0. */
    static double scale(double deltaScale, Standing standing) {
        return deltaScale > 0 ? deltaScale : 1.0 / Math.max(1, standing.liveWorkers().size());
    }
}
