package org.hermesml.core.method;

import java.util.Optional;
import java.util.OptionalInt;
import org.hermesml.core.message.MergeKind;
import org.hermesml.core.message.Released;
import org.hermesml.core.message.Verdict;
import org.hermesml.core.message.WorkerClock;
import org.hermesml.core.settings.Settings;
import org.hermesml.core.state.PendingUpdate;

/**
 * Stale synchronous parallel: updates are added at arrival as in {@code asp}, but a worker that is
 * more than s clocks ahead of the slowest live one waits until that one has moved. Q. Ho et al.,
 * "More Effective Distributed ML via a Stale Synchronous Parallel Parameter Server", NIPS 2013.
 */
final class StaleSynchronous implements AdmissionRule {
    private final double deltaScale;
    private final int bound;

    StaleSynchronous(Settings settings) {
        this.deltaScale = settings.get(Settings.DELTA_SCALE);
        this.bound = settings.get(Settings.STALENESS_BOUND);
    }

    @Override
    public Optional<Verdict.Builder> decide(PendingUpdate update, Standing standing) {
        return Decisions.admit(update, MergeKind.ADD, Asynchronous.scale(deltaScale, standing));
    }

    @Override
    public boolean waits(String worker, Standing standing) {
        LiveWorker of = standing.live().get(worker);
        return of != null && isTooFarAhead(of, standing.slowestClock());
    }

    @Override
    public Optional<Released.Builder> release(Standing standing) {
        long slowest = standing.slowestClock();
        Released.Builder released = Released.newBuilder();
        standing.live()
                .forEach(
                        (worker, of) -> {
                            if (of.isWaiting() && !isTooFarAhead(of, slowest)) {
                                released.putWorkers(
                                        worker,
                                        WorkerClock.newBuilder()
                                                .setIncarnation(of.incarnation())
                                                .setClock(of.waits())
                                                .build());
                            }
                        });
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
