package org.hermesml.core.method;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.hermesml.core.state.PendingUpdate;

/**
 * What an admission rule may know of its run.
 *
 * @param version newest version by the verdict log
 * @param decisionsInFlight verdicts that are written but not yet read back
 * @param round number of the open round
 * @param held worker of each update that waits in the open round, in log order
 * @param live workers that take part now, by name
 * @param globalLoss L_global: loss of the newest scored version or its replacement; 0 where nothing
 *     is known
 * @param globalVersion the version that {@code globalLoss} belongs to; -1 for a replacement
 * @param meanWork moving mean of the work of admitted updates, in samples; 0 before the first
 * @param newestIsScored whether the newest version has its score, or its deadline has passed
 * @param roundIsDue whether the open round has its {@link Quorum} and no more grace
 */
public record Standing(
        long version,
        int decisionsInFlight,
        long round,
        List<String> held,
        Map<String, LiveWorker> live,
        double globalLoss,
        long globalVersion,
        double meanWork,
        boolean newestIsScored,
        boolean roundIsDue) {

    /** The next update to be admitted is the first after the initial model. */
    public boolean isFirst() {
        return version == 0 && decisionsInFlight == 0;
    }

    public Set<String> liveWorkers() {
        return live.keySet();
    }

    public Set<String> heldWorkers() {
        return Set.copyOf(held);
    }

    /** Versions that were made since the worker of {@code update} pulled. */
    public long delay(PendingUpdate update) {
        return Math.max(0, version - update.getReport().getBaseVersion());
    }

    /** Effective clock of the slowest live worker; {@link Long#MAX_VALUE} when none lives. */
    public long slowestClock() {
        return live.values().stream()
                .mapToLong(LiveWorker::effectiveClock)
                .min()
                .orElse(Long.MAX_VALUE);
    }
}
