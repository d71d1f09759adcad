package org.hermesml.core.method;

import java.util.Optional;
import java.util.OptionalInt;
import org.hermesml.core.message.Released;
import org.hermesml.core.message.Verdict;
import org.hermesml.core.settings.Settings;
import org.hermesml.core.state.PendingUpdate;

/**
 * Stale synchronous parallel: updates are added at arrival as in {@code asp}, but a worker that is
 * more than s clocks ahead of the slowest live one waits until that one has moved. Q. Ho et al.,
 * "More Effective Distributed ML via a Stale Synchronous Parallel Parameter Server", NIPS 2013.
 */
final class StaleSynchronous implements AdmissionRule {
    private final Asynchronous asynchronous;
    private final int bound;

    StaleSynchronous(Settings settings) {
        this.asynchronous = new Asynchronous(settings);
        this.bound = settings.get(Settings.STALENESS_BOUND);
    }

    @Override
    public Optional<Verdict.Builder> decide(PendingUpdate update, Standing standing) {
        return asynchronous.decide(update, standing);
    }

    @Override
    public boolean waits(String worker, Standing standing) {
        LiveWorker of = standing.live().get(worker);
        return of != null && isTooFarAhead(of, standing.slowestClock());
    }

    @Override
    public Optional<Released.Builder> release(Standing standing) {
        long slowest = standing.slowestClock();
        Released.Builder released =
                Decisions.released(
                        standing,
                        of -> of.isWaiting() && !isTooFarAhead(of, slowest),
                        LiveWorker::waits);
        return released.getWorkersCount() == 0 ? Optional.empty() : Optional.of(released);
    }

    @Override
    public OptionalInt stalenessBound() {
        return OptionalInt.of(bound);
    }

    private boolean isTooFarAhead(LiveWorker worker, long slowest) {
        return worker.effectiveClock() - slowest > bound;
    }
}
