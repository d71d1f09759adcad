package org.hermesml.core.method;

import java.util.Set;

/**
 * What an admission rule may know of its run.
 *
 * @param version newest version by the verdict log
 * @param decisionsInFlight verdicts that are written but not yet read back
 * @param round number of the open round
 * @param heldWorkers workers whose update waits in the open round
 * @param liveWorkers workers that take part now
 * @param globalLoss L_global: loss of the newest scored version or its replacement; 0 where nothing
 *     is known
 * @param globalVersion the version that {@code globalLoss} belongs to; -1 for a replacement
 * @param newestIsScored whether the newest version has its score, or its deadline has passed
 */
public record Standing(
        long version,
        int decisionsInFlight,
        long round,
        Set<String> heldWorkers,
        Set<String> liveWorkers,
        double globalLoss,
        long globalVersion,
        boolean newestIsScored) {

    /** The next update to be admitted is the first after the initial model. */
    public boolean isFirst() {
        return version == 0 && decisionsInFlight == 0;
    }
}
