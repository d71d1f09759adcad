package org.hermesml.core.admission;

import java.util.Locale;
import java.util.Optional;
import org.hermesml.core.defence.Defence;
import org.hermesml.core.message.RefusalKind;
import org.hermesml.core.message.Refused;
import org.hermesml.core.state.PendingUpdate;

/**
 * Whether a complete update may be asked about to the rule of the method, whether it first waits
 * for its score, and by which loss it counts. Changes nothing. Lives for one call of {@link
 * Admission#apply}.
 */
final class Trial {
    private final RunRules rules;
    private final Defence defence;
    private final AdmissionBook book;
    private final long nowMs;

    Trial(RunRules rules, AdmissionBook book, long nowMs) {
        this.rules = rules;
        this.defence = rules.defence();
        this.book = book;
        this.nowMs = nowMs;
    }

    static Refused.Builder refused(PendingUpdate update, RefusalKind kind, String reason) {
        return Refused.newBuilder().setId(update.getId()).setKind(kind).setReason(reason);
    }

    /** With the time from which on it waits for its score. */
    PendingUpdate begun(PendingUpdate update) {
        return update.getReadyMs() == 0 ? update.toBuilder().setReadyMs(nowMs).build() : update;
    }

    /**
     * Where its method goes by scores and no evaluator was in time the worker's own loss stands in,
     * never better than what was scored lately.
     */
    PendingUpdate withStandIn(PendingUpdate update) {
        if (!rules.method().scoresUpdates() || update.getScored() || scoreMayStillCome(update)) {
            return update;
        }
        double loss = Scores.replacement(book.run().getScores(), claimed(update));
        return update.toBuilder().setScore(loss).setScored(true).build();
    }

    /** Why it must be refused; empty where it must not, or not yet. */
    Optional<Refused.Builder> refusal(PendingUpdate update) {
        double claimed = claimed(update);
        if (rules.usesHeldOutLoss() && (!Double.isFinite(claimed) || claimed < 0)) {
            String reason = "its reported held-out loss is " + claimed;
            return Optional.of(refused(update, RefusalKind.NOT_FINITE, reason));
        }
        String normFault = defence.normFault(book.trust(), update);
        if (!normFault.isEmpty()) {
            return Optional.of(refused(update, RefusalKind.NORM_TOO_LARGE, normFault));
        }
        if (defence.isLie(book.trust(), update)) {
            return Optional.of(lie(update));
        }
        if (update.getScored() && !Double.isFinite(update.getScore())) {
            String reason = "its held-out loss at the server is " + update.getScore();
            return Optional.of(refused(update, RefusalKind.NOT_FINITE, reason));
        }
        return Optional.empty();
    }

    private Refused.Builder lie(PendingUpdate update) {
        boolean expels = defence.expels(book.trust(), update, book.members().size());
        String reason =
                String.format(
                        Locale.ROOT,
                        "it reports a held-out loss of %.4g, and an evaluator measures %.4g%s",
                        claimed(update),
                        update.getScore(),
                        expels ? ": its worker is expelled" : "");
        return refused(update, RefusalKind.FALSE_LOSS, reason).setExpels(expels);
    }

    /**
     * Whether it was found sound when it was complete, and waits for nothing but a score that is
     * not there and not late. Thousands may: cheap. Its norm is held against the others' again when
     * it is decided.
     */
    boolean waitsForScore(PendingUpdate update) {
        return update.getReadyMs() > 0
                && !update.getScored()
                && update.getFault().isEmpty()
                && scoreMayStillCome(update)
                && defence.isUnproven(book.trust(), update.getId().getWorker());
    }

    /** Whether nothing is decided before its score is there, or late. */
    boolean awaitsScore(PendingUpdate update) {
        return defence.awaitsScore(book.trust(), update)
                && !versionIsLate()
                && scoreMayStillCome(update);
    }

    private boolean scoreMayStillCome(PendingUpdate update) {
        return nowMs - update.getReadyMs() < rules.scoreDeadlineMs();
    }

    /** The newest version has no score and is past its deadline: evaluators are dead or slow. */
    boolean versionIsLate() {
        return book.run().getUnscoredSinceMs() > 0
                && nowMs - book.run().getUnscoredSinceMs() >= rules.scoreDeadlineMs();
    }

    /** With the loss that it is weighed by: what is known is better than what is said. */
    PendingUpdate withCountedLoss(PendingUpdate update) {
        return update.toBuilder()
                .setReport(update.getReport().toBuilder().setHeldOutLoss(countedLoss(update)))
                .build();
    }

    private double countedLoss(PendingUpdate update) {
        if (defence.measures(update)) {
            return update.getScore();
        }
        return defence.awaitsScore(book.trust(), update)
                ? Math.max(
                        Scores.replacement(book.run().getScores(), claimed(update)),
                        defence.usualClaim(book.trust(), update.getId().getWorker()))
                : claimed(update);
    }

    private static double claimed(PendingUpdate update) {
        return update.getReport().getHeldOutLoss();
    }
}
