package org.hermesml.core.method;

import java.util.Optional;
import org.hermesml.core.InputException;
import org.hermesml.core.merge.MergeWeight;
import org.hermesml.core.message.MergeKind;
import org.hermesml.core.message.Verdict;
import org.hermesml.core.settings.Settings;
import org.hermesml.core.state.PendingUpdate;

/**
 * Hermes as its released implementation behaves, defects included: workers send the sum of all
 * their gradients since they started, the threshold never returns to alpha, and one update at a
 * time is merged, each after the version before it is scored. Plain SGD only.
 */
final class Official implements AdmissionRule {
    /**
     * @throws InputException when local models are to be averaged: a mean of weights tells no sum
     *     of gradients
     */
    Official(Settings settings) {
        if (settings.get(Settings.TAIL_AVERAGE) > 0) {
            throw new InputException(
                    "Setting tail_average: '"
                            + settings.get(Settings.TAIL_AVERAGE)
                            + "' is not allowed with method 'official', whose workers push sums of"
                            + " gradients; allowed there: 0. Set it to 0 or choose another method.");
        }
    }

    @Override
    public boolean scoresUpdates() {
        return true;
    }

    @Override
    public Optional<Verdict.Builder> decide(PendingUpdate update, Standing standing) {
        if (standing.decisionsInFlight() > 0) {
            return Optional.empty();
        }
        double workerLoss =
                update.getScored() ? update.getScore() : update.getReport().getHeldOutLoss();
        if (standing.isFirst()) {
            return Decisions.admit(update, MergeKind.LOSS_WEIGHTED_SUM, 1, workerLoss, standing);
        }
        if (!update.getScored() || !standing.newestIsScored()) {
            return Optional.empty();
        }
        double globalLoss = standing.globalLoss() > 0 ? standing.globalLoss() : workerLoss;
        double coefficient = MergeWeight.ofWorker(globalLoss, workerLoss);
        return Decisions.admit(
                update, MergeKind.LOSS_WEIGHTED_SUM, coefficient, workerLoss, standing);
    }
}
