package org.hermesml.core.admission;

import java.util.List;
import org.hermesml.core.message.Score;
import org.hermesml.core.state.ScoreBook;

/** What the evaluators found so far. Pure. */
final class Scores {
    private static final int RECENT = 9;

    /**
     * Takes in the score of a version; one that is older than the newest scored counts for `best`
     * only.
     */
    static ScoreBook add(ScoreBook book, Score score) {
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
