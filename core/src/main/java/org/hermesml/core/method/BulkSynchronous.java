package org.hermesml.core.method;

import java.util.Optional;
import org.hermesml.core.message.RoundClosed;
import org.hermesml.core.message.Verdict;
import org.hermesml.core.settings.Settings;
import org.hermesml.core.state.PendingUpdate;

/**
 * Bulk synchronous parallel: all workers push after each iteration, the server averages when all
 * are in, all pull. L. G. Valiant, "A bridging model for parallel computation", CACM 33(8), 1990.
 *
 * <p>{@code balanced} has the same rules: it is {@code bsp} with an epoch per synchronisation and
 * sizes fitted to each device, so that all finish together.
 */
final class BulkSynchronous implements AdmissionRule {
    private final double momentum;

    BulkSynchronous(Settings settings) {
        this.momentum = settings.get(Settings.SERVER_MOMENTUM);
    }

    @Override
    public Optional<Verdict.Builder> decide(PendingUpdate update, Standing standing) {
        return Decisions.hold(update, 1, standing);
    }

    @Override
    public Optional<RoundClosed.Builder> closeRound(Standing standing) {
        return Rounds.close(standing, momentum);
    }

    @Override
    public boolean hasBarrier() {
        return true;
    }
}
