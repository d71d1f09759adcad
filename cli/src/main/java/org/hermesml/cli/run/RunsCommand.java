package org.hermesml.cli.run;

import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.hermesml.cli.local.MasterOptions;
import org.hermesml.core.message.RunRecord;
import org.hermesml.core.message.Score;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code hermes runs}: all runs that the broker knows. */
@Command(name = "runs", description = "Lists the runs of an installation.")
public final class RunsCommand implements Callable<Integer> {
    @Mixin private MasterOptions master;

    @Override
    public Integer call() {
        RunDirectory runs =
                new RunDirectory(
                        new KafkaSite(master.master().bootstrap(), master.master().topics()));
        Map<String, RunRecord> all = runs.all();
        if (all.isEmpty()) {
            System.out.println(
                    "There are no runs at "
                            + master.master().bootstrap()
                            + "; begin one with ./hermes start.");
            return 0;
        }
        lines(all, runs.newestScores()).forEach(System.out::println);
        return 0;
    }

    /**
     * A table with a line for each run; version and accuracy are those of the result once a run has
     * ended.
     */
    static List<String> lines(Map<String, RunRecord> runs, Map<String, Score> newest) {
        TextTable table =
                new TextTable(
                        List.of(
                                "run",
                                "phase",
                                "dataset",
                                "model",
                                "method",
                                "version",
                                "accuracy"),
                        5);
        runs.forEach(
                (id, record) -> {
                    Score score = newest.get(id);
                    boolean ended = record.hasEnd();
                    boolean scored = ended ? record.getEnd().getBestLoss() > 0 : score != null;
                    long version =
                            ended
                                    ? record.getEnd().getBestVersion()
                                    : scored ? score.getVersion() : -1;
                    double accuracy =
                            ended
                                    ? record.getEnd().getBestAccuracy()
                                    : scored ? score.getAccuracy() : Double.NaN;
                    table.row(
                            id,
                            phase(record),
                            record.getSpec().getDataset(),
                            record.getSpec().getModel(),
                            record.getSpec().getSettingsOrDefault("method", Figures.NONE),
                            scored ? Long.toString(version) : Figures.NONE,
                            Figures.percent(scored ? accuracy : Double.NaN));
                });
        return table.lines();
    }

    private static String phase(RunRecord record) {
        return switch (record.getPhase()) {
            case RUNNING -> "running";
            case STOPPING -> "stopping";
            case ENDED -> Summary.reached(record.getEnd());
            default -> Figures.NONE;
        };
    }
}
