package org.hermesml.simulator.command;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongSupplier;
import org.hermesml.simulator.RunResult;
import org.hermesml.simulator.campaign.CampaignListener;
import org.hermesml.simulator.campaign.FinishedRun;
import org.hermesml.simulator.campaign.PlannedRun;

/**
 * Says how far a campaign is: a line for each run that ends, and between them a line that is
 * rewritten on a terminal, or a new one now and then elsewhere. The time left is guessed from what
 * runs alike took.
 */
final class Progress implements CampaignListener {
    private static final long REWRITE_NS = 500_000_000L;
    private static final long REPEAT_NS = 30_000_000_000L;

    private final PrintStream out;
    private final boolean terminal;
    private final int jobs;
    private final LongSupplier nanos;
    private final List<PlannedRun> waiting;
    private final Map<PlannedRun, Running> running = new LinkedHashMap<>();
    private final Map<String, List<Double>> took = new LinkedHashMap<>();
    private final int total;
    private long shown;
    private int width;
    private int failures;

    /**
     * @param terminal whether a line can be rewritten
     * @param nanos real time
     */
    Progress(
            PrintStream out,
            boolean terminal,
            List<PlannedRun> plan,
            int jobs,
            LongSupplier nanos) {
        this.out = out;
        this.terminal = terminal;
        this.jobs = jobs;
        this.nanos = nanos;
        this.waiting = new ArrayList<>(plan);
        this.total = plan.size();
        this.shown = nanos.getAsLong();
    }

    int failures() {
        return failures;
    }

    @Override
    public void started(PlannedRun run) {
        waiting.remove(run);
        running.put(run, new Running(nanos.getAsLong(), 0, Double.NaN));
    }

    @Override
    public void progress(PlannedRun run, double seconds, double heldOutAccuracy) {
        Running before = running.get(run);
        if (before != null) {
            running.put(run, new Running(before.startedNs(), seconds, heldOutAccuracy));
            show();
        }
    }

    @Override
    public void finished(FinishedRun done) {
        Running ended = running.remove(done.run());
        double seconds = (nanos.getAsLong() - ended.startedNs()) / 1e9;
        for (String key : keys(done.run())) {
            took.computeIfAbsent(key, k -> new ArrayList<>()).add(seconds);
        }
        RunResult result = done.result();
        line(
                String.format(
                        Locale.ROOT,
                        "%s: %s %.3f after %.4g s, which took %.1f s",
                        done.run().name(),
                        result.reached() ? "reached" : "ended at",
                        result.heldOutAccuracy(),
                        result.seconds(),
                        seconds));
    }

    @Override
    public void failed(PlannedRun run, RuntimeException fault) {
        running.remove(run);
        failures++;
        line(run.name() + " failed: " + fault);
    }

    /** Ends a line that was being rewritten. */
    void close() {
        if (width > 0) {
            out.print("\r" + " ".repeat(width) + "\r");
            out.flush();
            width = 0;
        }
    }

    private void line(String text) {
        close();
        out.println(text);
        shown = nanos.getAsLong() - REWRITE_NS;
        show();
    }

    private void show() {
        long now = nanos.getAsLong();
        if (now - shown < (terminal ? REWRITE_NS : REPEAT_NS) || running.isEmpty()) {
            return;
        }
        shown = now;
        StringBuilder text = new StringBuilder();
        text.append(total - waiting.size() - running.size()).append('/').append(total);
        double left = secondsLeft(now);
        text.append(Double.isNaN(left) ? "" : ", about " + duration(left) + " left");
        running.forEach(
                (run, at) ->
                        text.append(
                                String.format(
                                        Locale.ROOT,
                                        " | %s: %.4g s%s",
                                        run.name(),
                                        at.seconds(),
                                        Double.isNaN(at.accuracy())
                                                ? ""
                                                : String.format(
                                                        Locale.ROOT, " %.3f", at.accuracy()))));
        if (!terminal) {
            out.println(text);
            return;
        }
        int before = width;
        width = Math.min(text.length(), 160);
        out.print("\r" + text.substring(0, width) + " ".repeat(Math.max(0, before - width)));
        out.flush();
    }

    /** NaN while nothing has ended yet. */
    private double secondsLeft(long now) {
        if (took.isEmpty()) {
            return Double.NaN;
        }
        double work = 0;
        for (PlannedRun run : waiting) {
            work += expected(run);
        }
        double longest = 0;
        for (Map.Entry<PlannedRun, Running> e : running.entrySet()) {
            double spent = (now - e.getValue().startedNs()) / 1e9;
            // What takes longer than expected takes a while yet, nobody knows how long.
            double rest = Math.max(spent / 4, expected(e.getKey()) - spent);
            work += rest;
            longest = Math.max(longest, rest);
        }
        return Math.max(work / jobs, longest);
    }

    private double expected(PlannedRun run) {
        for (String key : keys(run)) {
            List<Double> like = took.get(key);
            if (like != null) {
                return like.stream().mapToDouble(Double::doubleValue).average().orElse(0);
            }
        }
        return 0;
    }

    /** From the most like it to any. */
    private static List<String> keys(PlannedRun run) {
        return List.of(
                run.testBed().name() + " " + run.variant().label(), run.variant().label(), "");
    }

    static String duration(double seconds) {
        long s = Math.round(seconds);
        if (s < 60) {
            return s + " s";
        }
        return s < 3600
                ? String.format(Locale.ROOT, "%d min %02d s", s / 60, s % 60)
                : String.format(Locale.ROOT, "%d h %02d min", s / 3600, s / 60 % 60);
    }

    /**
     * @param seconds virtual time
     */
    private record Running(long startedNs, double seconds, double accuracy) {}
}
