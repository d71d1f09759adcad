package org.hermesml.core.admission;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.hermesml.core.message.EndReason;
import org.hermesml.core.message.RunEnd;
import org.hermesml.core.settings.Durations;
import org.hermesml.core.settings.Settings;
import org.hermesml.core.state.ScoreBook;

/** When a run ends, and with which model: target, no new best for too long, or a budget. Pure. */
public final class Stopping {
    /** How the reason begins of a run that ended because it got no better. */
    public static final String LEVELLED_OFF = "levelled off";

    private static final int LEVEL_VERSIONS = 100;

    private final double targetAccuracy;
    private final int patience;
    private final boolean levelEnd;
    private final Duration maxTime;
    private final long maxBytes;
    private final long maxVersions;
    private final int minWorkers;

    Stopping(Settings settings) {
        this.targetAccuracy = settings.get(Settings.TARGET_ACCURACY);
        this.patience = settings.get(Settings.PATIENCE);
        this.levelEnd = settings.get(Settings.LEVEL_END);
        this.maxTime = settings.get(Settings.MAX_TIME);
        this.maxBytes = settings.get(Settings.MAX_BYTES);
        this.maxVersions = settings.get(Settings.MAX_VERSIONS);
        this.minWorkers = settings.get(Settings.MIN_WORKERS);
    }

    Optional<RunEnd> check(AdmissionBook book, long nowMs) {
        ScoreBook scores = book.run().getScores();
        Optional<String> diverged = Divergence.ofAll(book, minWorkers);
        if (diverged.isPresent()) {
            return Optional.of(withBest(EndReason.FAILED, diverged.get(), book));
        }
        if (scores.getNewestVersionPlusOne() > 0 && scores.getNewestAccuracy() >= targetAccuracy) {
            return Optional.of(
                    RunEnd.newBuilder()
                            .setReason(EndReason.TARGET)
                            .setText(
                                    String.format(
                                            Locale.ROOT,
                                            "version %d reached a held-out accuracy of %.4f",
                                            scores.getNewestVersionPlusOne() - 1,
                                            scores.getNewestAccuracy()))
                            .setBestVersion(scores.getNewestVersionPlusOne() - 1)
                            .setBestLoss(scores.getNewestLoss())
                            .setBestAccuracy(scores.getNewestAccuracy())
                            .build());
        }
        long sinceBest = scores.getNewestVersionPlusOne() - scores.getBestVersionPlusOne();
        if (sinceBest >= patience) {
            return Optional.of(
                    withBest(
                            EndReason.CONVERGED,
                            sinceBest + " versions without a new best loss",
                            book));
        }
        if (levelEnd && isLevel(book, nowMs)) {
            return Optional.of(
                    withBest(
                            EndReason.CONVERGED,
                            String.format(
                                    Locale.ROOT,
                                    LEVELLED_OFF + " %s after its start",
                                    Durations.print(
                                            Duration.ofSeconds(
                                                    (scores.getPeakMs() - book.run().getStartedMs())
                                                            / 1000))),
                            book));
        }
        if (deadlineMs(book) <= nowMs) {
            return Optional.of(
                    withBest(
                            EndReason.TIME,
                            "the time of " + Durations.print(maxTime) + " is over",
                            book));
        }
        if (maxBytes > 0 && book.run().getBytesUp() >= maxBytes) {
            return Optional.of(
                    withBest(
                            EndReason.TIME, "the budget of " + maxBytes + " bytes is spent", book));
        }
        if (maxVersions > 0 && book.log().version() >= maxVersions) {
            return Optional.of(
                    withBest(
                            EndReason.TIME,
                            "the budget of " + maxVersions + " versions is spent",
                            book));
        }
        return Optional.empty();
    }

    /**
     * By the peak of the accuracy, not by the best loss: a loss may go on falling in its last
     * digits.
     */
    private static boolean isLevel(AdmissionBook book, long nowMs) {
        ScoreBook scores = book.run().getScores();
        if (scores.getPeakVersionPlusOne() == 0 || book.run().getStartedMs() == 0) {
            return false;
        }
        long versions = scores.getNewestVersionPlusOne() - scores.getPeakVersionPlusOne();
        long levelMs = nowMs - scores.getPeakMs();
        return versions >= LEVEL_VERSIONS && 2 * levelMs >= nowMs - book.run().getStartedMs();
    }

    /** When the time budget is spent; never before the run has begun. */
    long deadlineMs(AdmissionBook book) {
        return book.run().getStartedMs() == 0
                ? Long.MAX_VALUE
                : book.run().getStartedMs() + maxTime.toMillis();
    }

    static RunEnd withBest(EndReason reason, String text, AdmissionBook book) {
        ScoreBook scores = book.run().getScores();
        return RunEnd.newBuilder()
                .setReason(reason)
                .setText(text)
                .setBestVersion(scores.getBestVersionPlusOne() - 1)
                .setBestLoss(scores.getBestLoss())
                .setBestAccuracy(scores.getBestAccuracy())
                .build();
    }
}
