package org.hermesml.simulator;

import org.hermesml.core.settings.Settings;
import org.hermesml.simulator.testbed.TestBed;

/**
 * One run to simulate.
 *
 * @param testBed as it was written, with steps of the usual model
 * @param workload prepared with the same seed, learning rate, training and held-out samples
 * @param settings of the run, the method among them; their seed is replaced by {@code seed}
 * @param seed of everything random in the run and on the devices
 * @param label of the setting, for the result
 */
public record Scenario(
        TestBed testBed, Workload workload, Settings settings, long seed, String label) {
    /** The test bed with the steps of the workload's model. */
    TestBed charged() {
        return workload.stepCost().on(testBed);
    }
}
