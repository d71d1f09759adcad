package org.hermesml.core.method;

import java.util.Optional;
import org.hermesml.core.message.Verdict;
import org.hermesml.core.settings.Settings;
import org.hermesml.core.state.PendingUpdate;

/**
 * Ringmaster ASGD: as {@code asp}, but an update whose delay has reached R is dropped, and its
 * worker goes on from the newest version. A. Maranjyan, A. Tyurin, P. Richtarik, "Ringmaster ASGD:
 * The First Asynchronous SGD with Optimal Time Complexity", ICML 2025.
 */
final class RingmasterAsynchronous implements AdmissionRule {
    private final Asynchronous asynchronous;
    private final int delayLimit;

    RingmasterAsynchronous(Settings settings) {
        this.asynchronous = new Asynchronous(settings);
        this.delayLimit = settings.get(Settings.DELAY_LIMIT);
    }

    @Override
    public Optional<Verdict.Builder> decide(PendingUpdate update, Standing standing) {
        long delay = standing.delay(update);
        int limit = limit(standing);
        if (delay >= limit) {
            return Decisions.refuse(
                    update,
                    "too old: "
                            + delay
                            + " versions were made since its worker pulled, and the limit is "
                            + limit);
        }
        return asynchronous.decide(update, standing);
    }

    /** Of n workers of one speed each update has a delay of n - 1: twice that many are let pass. */
    private int limit(Standing standing) {
        return delayLimit > 0 ? delayLimit : Math.max(1, 2 * standing.liveWorkers().size());
    }
}
