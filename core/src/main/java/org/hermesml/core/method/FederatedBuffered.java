package org.hermesml.core.method;

import java.util.Optional;
import org.hermesml.core.message.MergeKind;
import org.hermesml.core.message.RoundClosed;
import org.hermesml.core.message.Verdict;
import org.hermesml.core.settings.Settings;
import org.hermesml.core.state.PendingUpdate;

/**
 * FedBuff: deltas are collected, each with weight 1 / sqrt(1 + delay); K of them make a version.
 * Nobody waits: a worker goes on from the newest version at once. J. Nguyen et al., "Federated
 * Learning with Buffered Asynchronous Aggregation", AISTATS 2022.
 */
final class FederatedBuffered implements AdmissionRule {
    private final int bufferSize;
    private final double serverRate;
    private final double momentum;

    FederatedBuffered(Settings settings) {
        this.bufferSize = settings.get(Settings.BUFFER_SIZE);
        this.serverRate = settings.get(Settings.SERVER_RATE);
        this.momentum = settings.get(Settings.SERVER_MOMENTUM);
    }

    /** No more than K go into one round: what comes while it is being closed waits for the next. */
    @Override
    public Optional<Verdict.Builder> decide(PendingUpdate update, Standing standing) {
        if (standing.held().size() + standing.decisionsInFlight() >= bufferSize) {
            return Optional.empty();
        }
        double weight = 1 / Math.sqrt(1.0 + standing.delay(update));
        return Decisions.holdAndSettle(update, weight, standing);
    }

    @Override
    public Optional<RoundClosed.Builder> closeRound(Standing standing) {
        return standing.held().size() < bufferSize
                ? Optional.empty()
                : Optional.of(
                        RoundClosed.newBuilder()
                                .setKind(MergeKind.ADD)
                                .setCoefficient(serverRate)
                                .setDivisor(bufferSize)
                                .setMomentum(momentum));
    }
}
