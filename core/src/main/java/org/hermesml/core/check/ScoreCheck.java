package org.hermesml.core.check;

import org.hermesml.core.message.Score;

/** Whether a score says what an evaluator can say at all, whatever its run. Pure. */
public final class ScoreCheck {
    /** One sentence; empty when nothing is wrong. A loss that is NaN or infinite is no fault. */
    public static String fault(Score score) {
        if (!score.getEvaluator().isEmpty() && !Names.isWorker(score.getEvaluator())) {
            return "'" + score.getEvaluator() + "' is no name of an evaluator";
        }
        if (score.getLoss() < 0) {
            return "the score has a loss of " + score.getLoss();
        }
        if (!(score.getAccuracy() >= 0 && score.getAccuracy() <= 1)) {
            return "the score has an accuracy of " + score.getAccuracy();
        }
        if (score.getSamples() < 0) {
            return "the score was made from " + score.getSamples() + " samples";
        }
        return switch (score.getSubjectCase()) {
            case VERSION ->
                    Counts.isOne(score.getVersion())
                            ? ""
                            : "the score is of version " + score.getVersion();
            case UPDATE -> UpdateIdCheck.fault(score.getUpdate());
            case SUBJECT_NOT_SET -> "the score does not say of what it is";
        };
    }

    private ScoreCheck() {}
}
