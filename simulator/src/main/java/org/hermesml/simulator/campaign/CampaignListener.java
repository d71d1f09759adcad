package org.hermesml.simulator.campaign;

/** Told how a campaign goes; never by two threads at a time. */
public interface CampaignListener {
    void started(PlannedRun run);

    /**
     * @param seconds virtual time
     * @param heldOutAccuracy newest; NaN before the first score
     */
    void progress(PlannedRun run, double seconds, double heldOutAccuracy);

    void finished(FinishedRun run);

    /** A run that broke; the others go on. */
    void failed(PlannedRun run, RuntimeException fault);
}
