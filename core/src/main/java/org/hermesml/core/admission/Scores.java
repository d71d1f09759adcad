package org.hermesml.core.admission;

import java.util.List;
import java.util.TreeMap;
import org.hermesml.core.message.Score;
import org.hermesml.core.state.ScoreBook;

/** What the evaluators found so far. */
final class Scores {
    private static final int RECENT = 9;
    private static final double LEAST_RISE = 0.001;
    private static final int MOST_EARLY = 256;

    /** Takes in the score of a version, or keeps it until the log has brought that version. */
    static void take(AdmissionBook book, Score score, long nowMs) {
        if (score.getVersion() > book.log().version()) {
            keepEarly(book, score);
        } else {
            count(book, score, nowMs);
        }
    }

    private static void count(AdmissionBook book, Score score, long nowMs) {
        boolean newer = score.getVersion() >= book.run().getScores().getNewestVersionPlusOne();
        book.run().setScores(risen(add(book.run().getScores(), score), score, nowMs));
        if (score.getVersion() == book.log().version()) {
            book.run().setUnscoredSinceMs(0);
        } else if (newer) {
            // An evaluator that is a version behind is at work, not late.
            book.run().setUnscoredSinceMs(nowMs);
        }
    }

    /**
     * Topics are read side by side: after a restore scores come long before the log has brought
     * their versions. Of too many, the highest versions go: those are the ones that may never be.
     */
    private static void keepEarly(AdmissionBook book, Score score) {
        TreeMap<Long, Score> early = new TreeMap<>();
        book.run().getEarlyScoresList().forEach(kept -> early.put(kept.getVersion(), kept));
        early.put(score.getVersion(), score);
        if (early.size() > MOST_EARLY) {
            early.pollLastEntry();
        }
        book.run().clearEarlyScores().addAllEarlyScores(early.values());
    }

    /** The log has brought a version, whose score may be here already. */
    static void takeEarly(AdmissionBook book, long nowMs) {
        List<Score> early = List.copyOf(book.run().getEarlyScoresList());
        book.run().clearEarlyScores();
        for (Score score : early) {
            if (score.getVersion() <= book.log().version()) {
                count(book, score, nowMs);
            } else {
                book.run().addEarlyScores(score);
            }
        }
    }

    /**
     * Takes in the score of a version; one that is older than the newest scored counts for `best`
     * only.
     */
    private static ScoreBook add(ScoreBook book, Score score) {
        long versionPlusOne = score.getVersion() + 1;
        ScoreBook.Builder next = book.toBuilder();
        if (versionPlusOne > book.getNewestVersionPlusOne()) {
            next.setNewestVersionPlusOne(versionPlusOne)
                    .setNewestLoss(score.getLoss())
                    .setNewestAccuracy(score.getAccuracy());
            if (next.getRecentCount() == RECENT) {
                List<Double> kept = List.copyOf(next.getRecentList().subList(1, RECENT));
                next.clearRecent().addAllRecent(kept);
            }
            next.addRecent(score.getLoss());
        }
        if (book.getBestVersionPlusOne() == 0 || score.getLoss() <= book.getBestLoss()) {
            next.setBestVersionPlusOne(versionPlusOne)
                    .setBestLoss(score.getLoss())
                    .setBestAccuracy(score.getAccuracy());
        }
        return next.build();
    }

    private static ScoreBook risen(ScoreBook book, Score score, long nowMs) {
        boolean first = book.getPeakVersionPlusOne() == 0;
        if (!first && score.getAccuracy() < book.getPeakAccuracy() + LEAST_RISE) {
            return book;
        }
        return book.toBuilder()
                .setPeakAccuracy(score.getAccuracy())
                .setPeakVersionPlusOne(score.getVersion() + 1)
                .setPeakMs(nowMs)
                .build();
    }

    /**
     * Stands in for a score that is late: the loss that the last admitted worker reported, but
     * never better than the median of recent scores. 0 where nothing is known.
     */
    static double replacement(ScoreBook book, double lastWorkerLoss) {
        return book.getRecentCount() == 0
                ? lastWorkerLoss
                : Math.max(lastWorkerLoss, medianOfRecent(book));
    }

    private static double medianOfRecent(ScoreBook book) {
        double[] sorted =
                book.getRecentList().stream().mapToDouble(Double::doubleValue).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    private Scores() {}
}
