package org.hermesml.simulator.campaign;

import org.hermesml.simulator.Simulated;
import org.hermesml.simulator.Watcher;

/** Simulates one run; called by several threads at a time, each for a run of its own. */
public interface RunSimulator {
    /**
     * @throws java.util.concurrent.CancellationException when {@code watcher} cancelled it
     */
    Simulated simulate(PlannedRun run, Watcher watcher);
}
