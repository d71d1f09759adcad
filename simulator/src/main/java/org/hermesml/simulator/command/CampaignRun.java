package org.hermesml.simulator.command;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import org.hermesml.simulator.campaign.Campaign;
import org.hermesml.simulator.campaign.CampaignListener;
import org.hermesml.simulator.campaign.FinishedRun;
import org.hermesml.simulator.campaign.PlannedRun;
import org.hermesml.simulator.campaign.RunSimulator;
import org.hermesml.simulator.report.Comparison;
import org.hermesml.simulator.report.HtmlReport;
import org.hermesml.simulator.report.ResultFiles;
import org.hermesml.simulator.report.TextReport;

/** Runs a campaign from the plan to the written report; keeps what is done when interrupted. */
final class CampaignRun {
    private final String title;
    private final String command;
    private final Path folder;
    private final List<Comparison> comparisons;
    private final PrintStream out;
    private final PrintStream err;

    /**
     * @param command as it can be typed
     * @param folder takes the results; made here
     */
    CampaignRun(
            String title,
            String command,
            Path folder,
            List<Comparison> comparisons,
            PrintStream out,
            PrintStream err) {
        this.title = title;
        this.command = command;
        this.folder = folder;
        this.comparisons = comparisons;
        this.out = out;
        this.err = err;
    }

    /**
     * @return the exit code: 0, 1 where a run failed, 130 when interrupted
     */
    int run(List<PlannedRun> plan, RunSimulator simulator, int jobs, Interruption interruption) {
        boolean terminal = Boolean.getBoolean("hermes.terminal");
        int threads = Math.min(jobs, plan.size());
        Progress progress = new Progress(err, terminal, plan, threads, System::nanoTime);
        try {
            ResultFiles files = new ResultFiles(folder);
            List<FinishedRun> finished =
                    new Campaign(
                                    plan,
                                    simulator,
                                    threads,
                                    new Appending(progress, files),
                                    interruption::asked)
                            .run();
            progress.close();
            if (!finished.isEmpty()) {
                write(files, finished);
            }
            boolean whole = finished.size() + progress.failures() == plan.size();
            if (!whole) {
                err.println(
                        "hermes: interrupted; "
                                + (finished.isEmpty()
                                        ? "no run had ended yet."
                                        : finished.size()
                                                + " of "
                                                + plan.size()
                                                + " runs are in "
                                                + folder
                                                + "."));
                return Interruption.CODE;
            }
            return progress.failures() == 0 ? 0 : 1;
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "The results cannot be written to " + folder + ": " + e.getMessage(), e);
        }
    }

    private void write(ResultFiles files, List<FinishedRun> finished) throws IOException {
        files.write(finished.stream().map(FinishedRun::result).toList());
        List<String> lines = TextReport.lines(finished, comparisons);
        files.replace("table.txt", String.join("\n", lines) + "\n");
        files.replace("report.html", HtmlReport.page(title, command, finished, comparisons));
        lines.forEach(out::println);
        out.println();
        out.println("report  " + folder.resolve("report.html"));
        out.println("figures " + folder.resolve("results.json"));
    }

    /** Puts each run into the file before it is shown. */
    private record Appending(Progress progress, ResultFiles files) implements CampaignListener {
        @Override
        public void started(PlannedRun run) {
            progress.started(run);
        }

        @Override
        public void progress(PlannedRun run, double seconds, double heldOutAccuracy) {
            progress.progress(run, seconds, heldOutAccuracy);
        }

        @Override
        public void finished(FinishedRun run) {
            try {
                files.append(run.result());
            } catch (IOException e) {
                throw new UncheckedIOException("A result cannot be written: " + e.getMessage(), e);
            }
            progress.finished(run);
        }

        @Override
        public void failed(PlannedRun run, RuntimeException fault) {
            progress.failed(run, fault);
        }
    }
}
