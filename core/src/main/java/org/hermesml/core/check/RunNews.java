package org.hermesml.core.check;

import org.hermesml.core.message.RunPhase;
import org.hermesml.core.message.RunRecord;

/**
 * What a record of a run comes to, beside the one that is known of it. Whoever keeps a directory of
 * runs asks this, and so all come to the same.
 */
public enum RunNews {
    /** It takes the place of the one that is known. */
    TAKEN,
    /** The run has ended, which is for good. */
    LATE,
    /** The run is known with another specification, by which all goes on. */
    ALTERED;

    /**
     * @param known null where nothing is
     */
    public static RunNews of(RunRecord known, RunRecord record) {
        boolean goesOn =
                record.getPhase() == RunPhase.RUNNING || record.getPhase() == RunPhase.STOPPING;
        if (known == null || !goesOn) {
            return TAKEN;
        }
        if (known.getPhase() == RunPhase.ENDED) {
            return LATE;
        }
        return known.getSpec().equals(record.getSpec()) ? TAKEN : ALTERED;
    }
}
