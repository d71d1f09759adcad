package org.hermesml.simulator;

/** Looks on while a run is simulated; called on the thread that simulates. */
public interface Watcher {
    Watcher NONE =
            new Watcher() {
                @Override
                public void progress(double seconds, double heldOutAccuracy) {}

                @Override
                public boolean cancelled() {
                    return false;
                }
            };

    /**
     * @param seconds virtual time, not falling
     * @param heldOutAccuracy of the newest score; NaN before the first
     */
    void progress(double seconds, double heldOutAccuracy);

    /** Whether to give the run up; asked often. A run that was given up has no result. */
    boolean cancelled();
}
