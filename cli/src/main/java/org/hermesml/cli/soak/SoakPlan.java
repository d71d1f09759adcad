package org.hermesml.cli.soak;

import java.time.Duration;
import org.hermesml.cli.local.HermesHome;
import org.hermesml.cli.proof.Proof;

/**
 * What is to be done, checked.
 *
 * @param length with the warm-up, the first third, in which nothing counts
 * @param devices made up, in all runs
 */
record SoakPlan(HermesHome home, Duration length, int devices, int runs, long seed, Proof proof) {
    Duration warmUp() {
        return length.dividedBy(3);
    }
}
