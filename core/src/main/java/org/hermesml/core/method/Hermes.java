package org.hermesml.core.method;

import java.util.Optional;
import org.hermesml.core.merge.MergeWeight;
import org.hermesml.core.message.MergeKind;
import org.hermesml.core.message.Verdict;
import org.hermesml.core.settings.Settings;
import org.hermesml.core.state.PendingUpdate;

/**
 * Hermes as in the paper, corrected: the server merges each update by itself when it comes, with
 * weights work / loss, where the paper has 1 / loss. No momentum: with workers that all lag behind
 * by an iteration it diverged. "When Less is More: Achieving Faster Convergence in Distributed Edge
 * Machine Learning", HiPC 2024 (arXiv 2410.20495).
 */
final class Hermes implements AdmissionRule {
    private final MergeWeight.Kind mergeWeight;
    private final double lossPower;
    private final boolean average;
    private final double deltaScale;
    private final double stalenessExponent;

    /**
     * @param average whether pushes are weights, and not what changed
     */
    Hermes(Settings settings, boolean average) {
        this.mergeWeight = MergeWeight.Kind.of(settings);
        this.lossPower = settings.get(Settings.LOSS_POWER);
        this.average = average;
        this.deltaScale = settings.get(Settings.DELTA_SCALE);
        this.stalenessExponent = settings.get(Settings.STALENESS_EXPONENT);
    }

    @Override
    public Optional<Verdict.Builder> decide(PendingUpdate update, Standing standing) {
        double workerLoss = update.getReport().getHeldOutLoss();
        if (standing.isFirst()) {
            // The initial model is noise: the first update takes its place.
            return Decisions.admit(
                    update, average ? MergeKind.REPLACE : MergeKind.ADD, 1, workerLoss, standing);
        }
        double globalLoss = standing.globalLoss() > 0 ? standing.globalLoss() : workerLoss;
        double coefficient =
                weight(update, globalLoss, workerLoss, standing.meanWork())
                        * Staleness.polynomial(standing.delay(update), stalenessExponent);
        if (!average) {
            coefficient *= Asynchronous.scale(deltaScale, standing);
        }
        return Decisions.admit(
                update,
                average ? MergeKind.AVERAGE : MergeKind.ADD,
                coefficient,
                workerLoss,
                standing);
    }

    private double weight(
            PendingUpdate update, double globalLoss, double workerLoss, double meanWork) {
        return switch (mergeWeight) {
            case EQUAL -> 0.5;
            case LOSS -> MergeWeight.ofWorker(1, ratio(globalLoss, workerLoss));
            case WORK ->
                    MergeWeight.ofWorker(
                            1, meanWork, ratio(globalLoss, workerLoss), update.getWork());
        };
    }

    /**
     * Only the ratio of the two losses counts; as such, powers of small losses keep their digits.
     */
    private double ratio(double globalLoss, double workerLoss) {
        if (workerLoss == globalLoss) {
            return 1; // also where both are 0
        }
        return Math.pow(workerLoss / globalLoss, lossPower);
    }
}
