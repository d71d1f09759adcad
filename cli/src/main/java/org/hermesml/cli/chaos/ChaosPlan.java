package org.hermesml.cli.chaos;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.hermesml.cli.local.HermesHome;
import org.hermesml.cli.run.RunChoice;

/**
 * What is to be done, checked.
 *
 * @param limit no fault comes later than this after the first merge
 * @param out folder that takes the result, and meanwhile all data
 * @param keep whether the data stay when all went well
 */
record ChaosPlan(
        HermesHome home,
        RunChoice choice,
        int kills,
        long seed,
        Duration limit,
        List<Target> targets,
        int workers,
        double slowdown,
        Path out,
        boolean keep) {
    static final String RUN = "chaos";

    Path data() {
        return out.resolve("data");
    }
}
