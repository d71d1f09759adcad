package org.hermesml.simulator.command;

import java.nio.file.Path;
import java.util.List;
import org.hermesml.simulator.campaign.PlannedRun;
import org.hermesml.simulator.learning.Cores;
import org.hermesml.simulator.report.Comparison;

/** What every command does with its plan. */
final class Harness {
    private final CampaignOptions options;

    Harness(CampaignOptions options) {
        this.options = options;
    }

    /**
     * @param kind of the folder's name, where none was asked for
     */
    int run(String title, String kind, List<PlannedRun> plan, List<Comparison> comparisons) {
        Path folder = options.folder(kind);
        WorkloadOptions workload = options.harness.workload;
        int jobs = options.harness.jobs();
        try (Interruption interruption = Interruption.install(workload.endWithStdin);
                Cores cores = new Cores(jobs)) {
            VirtualRuns runs = workload.open(cores);
            return new CampaignRun(
                            title, workload.command, folder, comparisons, System.out, System.err)
                    .run(plan, runs, jobs, interruption);
        }
    }
}
