package org.hermesml.simulator.command;

import java.util.List;
import java.util.concurrent.Callable;
import org.hermesml.core.settings.Settings;
import org.hermesml.simulator.campaign.PlannedRun;
import org.hermesml.simulator.campaign.Variant;
import org.hermesml.simulator.report.Comparison;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code hermes bench paper}: all methods on all test beds. */
@Command(name = "paper")
final class BenchPaper implements Callable<Integer> {
    private static final String ALL_BEDS = "twelve,equal,one-straggler,slow-links,churn,hundred";
    private static final int SEEDS = 10;

    /** Measured on one core of a server: a run of a method with and without one-step rounds. */
    private static final double SECONDS_SMALL = 10;

    private static final double SECONDS_ONE_STEP = 120;
    private static final int SMALL_DEVICES = 12;

    @Mixin private CampaignOptions options;

    @Option(names = "--methods", paramLabel = "METHOD[@SETTING],...")
    private String methods = "all";

    @Option(names = "--quick")
    private boolean quick;

    @Override
    public Integer call() {
        List<Variant> variants = options.harness.names().parse(methods);
        List<PlannedRun> plan = options.plan(variants, ALL_BEDS, quick ? 1 : SEEDS);
        int jobs = options.harness.jobs();
        System.err.println(
                plan.size()
                        + " runs, "
                        + Progress.duration(expected(plan) / jobs)
                        + " or so with "
                        + jobs
                        + " at a time; Ctrl-C keeps what is done"
                        + (quick ? "." : "; --quick takes one seed only."));
        return new Harness(options)
                .run("All methods on all test beds", "bench", plan, Comparison.usual());
    }

    private static double expected(List<PlannedRun> plan) {
        double seconds = 0;
        for (PlannedRun run : plan) {
            boolean oneStep =
                    run.settings().get(Settings.SAMPLES) <= run.settings().get(Settings.MINI_BATCH);
            double share = Math.sqrt((double) run.testBed().devices().size() / SMALL_DEVICES);
            seconds += (oneStep ? SECONDS_ONE_STEP : SECONDS_SMALL) * share;
        }
        return seconds;
    }
}
