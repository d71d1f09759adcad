package org.hermesml.cli.soak;

import java.nio.file.Path;
import java.time.Duration;
import org.hermesml.cli.local.HermesHome;

/**
 * What is to be done, checked.
 *
 * @param length with the warm-up, the first third, in which nothing counts
 * @param devices made up, in all runs
 * @param out folder that takes the result, and meanwhile all data
 */
record SoakPlan(
        HermesHome home,
        Duration length,
        int devices,
        int runs,
        long seed,
        Path out,
        boolean keep) {
    Duration warmUp() {
        return length.dividedBy(3);
    }

    Path data() {
        return out.resolve("data");
    }
}
