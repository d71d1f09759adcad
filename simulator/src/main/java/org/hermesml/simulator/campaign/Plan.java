package org.hermesml.simulator.campaign;

import java.util.ArrayList;
import java.util.List;
import org.hermesml.simulator.testbed.TestBed;

/** All runs of a campaign, in the order of its tables. */
public final class Plan {
    /**
     * Every variant on every test bed with every seed. Seeds lie outside variants, so that runs
     * side by side share the data and the first model of a seed.
     *
     * @param firstSeed the run whose trace is kept
     */
    public static List<PlannedRun> of(
            List<TestBed> testBeds, List<Variant> variants, long firstSeed, int seeds) {
        List<PlannedRun> plan = new ArrayList<>();
        for (TestBed testBed : testBeds) {
            for (int s = 0; s < seeds; s++) {
                for (Variant variant : variants) {
                    plan.add(new PlannedRun(plan.size(), testBed, variant, firstSeed + s, s == 0));
                }
            }
        }
        return List.copyOf(plan);
    }

    private Plan() {}
}
