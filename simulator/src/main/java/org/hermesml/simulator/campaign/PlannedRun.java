package org.hermesml.simulator.campaign;

import org.hermesml.core.settings.Settings;
import org.hermesml.simulator.testbed.TestBed;

/**
 * One run of a campaign.
 *
 * @param index place in the plan, from 0; results are given in this order
 * @param traced whether its trace is kept for the plots
 */
public record PlannedRun(int index, TestBed testBed, Variant variant, long seed, boolean traced) {
    /** The variant's settings with this run's seed. */
    public Settings settings() {
        return variant.settings().with(Settings.SEED, seed);
    }

    /** For people: {@code twelve bsp@best seed 3}. */
    public String name() {
        return testBed.name() + " " + variant.label() + " seed " + seed;
    }
}
