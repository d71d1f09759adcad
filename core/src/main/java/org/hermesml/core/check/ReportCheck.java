package org.hermesml.core.check;

import java.util.Locale;
import org.hermesml.core.message.Hello;
import org.hermesml.core.message.IterationReport;
import org.hermesml.core.message.PushState;
import org.hermesml.core.message.Report;
import org.hermesml.core.message.Restored;

/**
 * Whether a report says what a worker can say at all, whatever its run. What the rules compute from
 * such numbers is a number; whether they are true is for others to find out. Pure.
 */
public final class ReportCheck {
    /** Longer than any iteration; times the largest silence factor it is still a time. */
    private static final double MOST_SECONDS = 30 * 24 * 3600.0;

    /** Shorter than any clock tells; rates that are made of it are still numbers. */
    private static final double LEAST_SECONDS = 1e-6;

    /** More than any of these is allowed to be set to. */
    private static final int MOST_SAMPLES = 100_000_000;

    private static final int MOST_MINI_BATCH = 65_536;
    private static final int MOST_EPOCHS = 10_000;
    private static final int MOST_LOSSES = 10_000;
    private static final int MOST_TEXT = 200;

    /** One sentence; empty when nothing is wrong. */
    public static String fault(Report report) {
        if (!Names.isWorker(report.getWorker())) {
            return report.getWorker().isEmpty()
                    ? "the report names no worker"
                    : "'" + report.getWorker() + "' is no name of a worker";
        }
        if (!Counts.isOne(report.getIncarnation())) {
            return "the report says incarnation " + report.getIncarnation();
        }
        return switch (report.getContentCase()) {
            case HELLO -> hello(report.getHello());
            case ITERATION -> iteration(report.getIteration());
            case READY ->
                    Counts.isOne(report.getReady().getClock())
                            ? ""
                            : says("clock", report.getReady().getClock());
            case PROGRESS ->
                    Counts.isOne(report.getProgress().getClock())
                            ? ""
                            : says("clock", report.getProgress().getClock());
            case GOODBYE -> "";
            case CONTENT_NOT_SET -> "the report has no content";
        };
    }

    private static String hello(Hello hello) {
        int longest =
                Math.max(
                        hello.getPlace().length(),
                        Math.max(hello.getLabel().length(), hello.getVersion().length()));
        if (longest > MOST_TEXT) {
            return "the hello has a label, version or place of more than "
                    + MOST_TEXT
                    + " characters";
        }
        if (hello.getLocalSamples() < 0 || hello.getLocalSamples() > MOST_SAMPLES) {
            return "the hello says " + hello.getLocalSamples() + " samples of its own";
        }
        Restored restored = hello.getRestored();
        return Counts.isOne(restored.getIncarnation()) && Counts.isOne(restored.getClock())
                ? ""
                : "the hello says that iteration "
                        + restored.getClock()
                        + " of life "
                        + restored.getIncarnation()
                        + " was saved";
    }

    private static String iteration(IterationReport i) {
        if (i.getClock() < 1 || !Counts.isOne(i.getClock())) {
            return says("clock", i.getClock());
        }
        if (!Counts.isOne(i.getBaseVersion())) {
            return says("base version", i.getBaseVersion());
        }
        if (!isTime(i.getSeconds())) {
            return says("seconds", i.getSeconds());
        }
        if (!isTime(i.getOverheadSeconds())) {
            return says("overhead seconds", i.getOverheadSeconds());
        }
        if (i.getSamples() < 0 || i.getSamples() > MOST_SAMPLES) {
            return says("samples", i.getSamples());
        }
        if (i.getMiniBatch() < 0 || i.getMiniBatch() > MOST_MINI_BATCH) {
            return says("samples in a mini-batch", i.getMiniBatch());
        }
        if (i.getEpochs() < 0 || i.getEpochs() > MOST_EPOCHS) {
            return says("epochs", i.getEpochs());
        }
        if (i.getUpdateNorm() < 0) {
            return says("update norm", i.getUpdateNorm());
        }
        return push(i.getBefore());
    }

    private static String push(PushState before) {
        if (before.getLossesCount() > MOST_LOSSES) {
            return "the iteration has a window of " + before.getLossesCount() + " losses";
        }
        if (!before.getLossesList().stream().allMatch(Double::isFinite)) {
            return "the iteration has a loss in its window that is no finite number";
        }
        if (!Double.isFinite(before.getThreshold()) || !(before.getNorm() >= 0)) {
            return String.format(
                    Locale.ROOT,
                    "the iteration says a threshold of %s and a norm of %s",
                    before.getThreshold(),
                    before.getNorm());
        }
        return before.getRoundsSincePush() < 0 || before.getDue() < 0
                ? "the iteration says that its push rule counts below 0"
                : "";
    }

    /** 0 where it was not measured. */
    private static boolean isTime(double seconds) {
        return seconds == 0 || seconds >= LEAST_SECONDS && seconds <= MOST_SECONDS;
    }

    private static String says(String what, Object value) {
        return "the report says " + value + " for " + what;
    }

    private ReportCheck() {}
}
