package org.hermesml.cli.run;

import java.nio.file.Path;
import java.util.List;
import org.hermesml.cli.local.HermesHome;

/**
 * A run on this machine, checked.
 *
 * @param out folder that takes all that the run leaves
 * @param slowdowns one factor for each worker
 * @param localData of the first workers, samples of their own
 * @param keepRunning whether broker and web UI stay up after the run
 */
record LocalRunPlan(
        HermesHome home,
        String run,
        RunChoice choice,
        Path out,
        List<Double> slowdowns,
        List<Path> localData,
        boolean keepRunning) {
    /** With workers that train on the run's data set. */
    LocalRunPlan(
            HermesHome home,
            String run,
            RunChoice choice,
            Path out,
            List<Double> slowdowns,
            boolean keepRunning) {
        this(home, run, choice, out, slowdowns, List.of(), keepRunning);
    }

    Path logs() {
        return out.resolve("logs");
    }

    /** Takes what only the running server side needs; removed afterwards. */
    Path serverData() {
        return out.resolve("server");
    }

    Path settingsFile() {
        return out.resolve("settings.json");
    }
}
