package org.hermesml.cli.chaos;

import java.time.Duration;
import java.util.List;
import org.hermesml.cli.local.HermesHome;
import org.hermesml.cli.proof.LastingRun;
import org.hermesml.cli.proof.Proof;

/**
 * What is to be done, checked.
 *
 * @param limit no fault comes later than this after the first merge
 */
record ChaosPlan(
        HermesHome home,
        LastingRun run,
        int kills,
        long seed,
        Duration limit,
        List<Target> targets,
        int workers,
        double slowdown,
        Proof proof) {
    static final String RUN = "chaos";
}
