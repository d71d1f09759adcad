package org.hermesml.core.method;

import java.util.Optional;
import java.util.Set;
import org.hermesml.core.message.Released;
import org.hermesml.core.message.RoundClosed;
import org.hermesml.core.message.Verdict;
import org.hermesml.core.settings.Settings;
import org.hermesml.core.state.PendingUpdate;

/**
 * SelSync: after each iteration all workers compare notes; when the gradient of one has changed
 * much, all push and take the mean of their parameters, else all go on locally. S. Tyagi, M. Swany,
 * "Accelerating Distributed ML Training via Selective Synchronization", IEEE CLUSTER 2023.
 */
final class SelectiveSynchronisation implements AdmissionRule {
    private final double momentum;

    SelectiveSynchronisation(Settings settings) {
        this.momentum = settings.get(Settings.SERVER_MOMENTUM);
    }

    @Override
    public Optional<Verdict.Builder> decide(PendingUpdate update, Standing standing) {
        return Decisions.hold(update, 1, standing);
    }

    /**
     * A worker that asks while others are in a round came after that round was called: it takes no
     * part, and nobody waits for it.
     */
    @Override
    public Optional<RoundClosed.Builder> closeRound(Standing standing) {
        Set<String> held = standing.heldWorkers();
        boolean complete =
                !held.isEmpty()
                        && standing.live().entrySet().stream()
                                .allMatch(e -> e.getValue().isReady() || held.contains(e.getKey()));
        return complete ? Optional.of(Rounds.mean(momentum)) : Optional.empty();
    }

    @Override
    public Optional<Released.Builder> release(Standing standing) {
        boolean allReady =
                !standing.live().isEmpty()
                        && standing.live().values().stream().allMatch(LiveWorker::isReady);
        if (!allReady) {
            return Optional.empty();
        }
        boolean push = standing.live().values().stream().anyMatch(LiveWorker::wants);
        return Optional.of(
                Decisions.released(standing, of -> true, LiveWorker::ready).setPush(push));
    }

    @Override
    public boolean hasBarrier() {
        return true;
    }
}
