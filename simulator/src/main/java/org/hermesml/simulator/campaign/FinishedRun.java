package org.hermesml.simulator.campaign;

import org.hermesml.simulator.RunResult;
import org.hermesml.simulator.RunTrace;

/**
 * A run that came to its end.
 *
 * @param trace thinned for plots; null where none is kept
 */
public record FinishedRun(PlannedRun run, RunResult result, RunTrace trace) {}
