package org.hermesml.core.method;

import java.util.Optional;
import org.hermesml.core.merge.MergeWeight;
import org.hermesml.core.message.RoundClosed;
import org.hermesml.core.message.Verdict;
import org.hermesml.core.settings.Settings;
import org.hermesml.core.state.PendingUpdate;

/**
 * Hermes in rounds: workers push as their gates say, and what they push is held until workers with
 * most of the speed have answered, by a push or by an iteration without one. The mean of a round
 * has the weights of Hermes, work / loss, and moves the model with momentum, as in K. Chen, Q. Huo,
 * "Scalable training of deep learning machines by incremental block training with intra-block
 * parallel optimization and blockwise model-update filtering", ICASSP 2016. A straggler's update
 * counts in the round in which it arrives, and less for each version that it missed.
 */
final class HermesRounds implements AdmissionRule {
    private final MergeWeight.Kind mergeWeight;
    private final double lossPower;
    private final double stalenessExponent;
    private final double momentum;
    private final Quorum quorum;

    HermesRounds(Settings settings) {
        this.mergeWeight = MergeWeight.Kind.of(settings);
        this.lossPower = settings.get(Settings.LOSS_POWER);
        this.stalenessExponent = settings.get(Settings.STALENESS_EXPONENT);
        this.momentum = settings.get(Settings.SERVER_MOMENTUM);
        this.quorum =
                new Quorum(
                        settings.get(Settings.QUORUM),
                        settings.get(Settings.GRACE),
                        settings.get(Settings.OVERTIME));
    }

    @Override
    public Optional<Verdict.Builder> decide(PendingUpdate update, Standing standing) {
        double weight =
                MergeWeight.inRound(
                                mergeWeight,
                                update.getWork(),
                                update.getReport().getHeldOutLoss(),
                                lossPower)
                        * Staleness.polynomial(standing.delay(update), stalenessExponent);
        return Decisions.hold(update, weight, standing);
    }

    /** The initial model is noise: the first mean takes its place. */
    @Override
    public Optional<RoundClosed.Builder> closeRound(Standing standing) {
        return standing.held().isEmpty() || !standing.roundIsDue()
                ? Optional.empty()
                : Optional.of(Rounds.mean(standing.version() == 0 ? 0 : momentum));
    }

    @Override
    public Optional<Quorum> quorum() {
        return Optional.of(quorum);
    }
}
