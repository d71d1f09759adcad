package org.hermesml.core.method;

import java.util.Optional;
import org.hermesml.core.merge.MergeWeight;
import org.hermesml.core.message.MergeKind;
import org.hermesml.core.message.Verdict;
import org.hermesml.core.settings.Settings;
import org.hermesml.core.state.PendingUpdate;

/**
 * Hermes, corrected: a worker pushes when its loss on a held-out set, fixed and common to all,
 * improves significantly; the server merges with weights work / loss, where the paper has 1 / loss.
 * "When Less is More: Achieving Faster Convergence in Distributed Edge Machine Learning", HiPC 2024
 * (arXiv 2410.20495).
 */
final class Hermes implements AdmissionRule {
    private final String mergeWeight;
    private final double lossPower;
    private final boolean average;
    private final double deltaScale;
    private final double stalenessExponent;
    private final double momentum;

    /**
     * @param average whether pushes are weights, and not what changed
     */
    Hermes(Settings settings, boolean average) {
        this.mergeWeight = settings.get(Settings.MERGE_WEIGHT);
        this.lossPower = settings.get(Settings.LOSS_POWER);
        this.average = average;
        this.deltaScale = settings.get(Settings.DELTA_SCALE);
        this.stalenessExponent = settings.get(Settings.STALENESS_EXPONENT);
        this.momentum = settings.get(Settings.SERVER_MOMENTUM);
    }

    @Override
    public Optional<Verdict.Builder> decide(PendingUpdate update, Standing standing) {
        double workerLoss = update.getReport().getHeldOutLoss();
        if (standing.isFirst()) {
            // The initial model is noise: the first update takes its place.
            return Decisions.admit(
                    update,
                    average ? MergeKind.REPLACE : MergeKind.ADD,
                    1,
                    workerLoss,
                    0,
                    standing);
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
                momentum,
                standing);
    }

    private double weight(
            PendingUpdate update, double globalLoss, double workerLoss, double meanWork) {
        return switch (mergeWeight) {
            case "equal" -> 0.5;
            case "loss" -> MergeWeight.ofWorker(1, ratio(globalLoss, workerLoss));
            default ->
                    MergeWeight.ofWorker(
                            1, meanWork, ratio(globalLoss, workerLoss), update.getWork());
        };
    }

    /**
     * Only the ratio of the two losses counts; as such, powers of small losses keep their digits.
     */
    private double ratio(double globalLoss, double workerLoss) {
        return Math.pow(workerLoss / globalLoss, lossPower);
    }
}
