package org.hermesml.core.method;

import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import org.hermesml.core.message.Admitted;
import org.hermesml.core.message.Held;
import org.hermesml.core.message.MergeKind;
import org.hermesml.core.message.RefusalKind;
import org.hermesml.core.message.Refused;
import org.hermesml.core.message.Released;
import org.hermesml.core.message.Verdict;
import org.hermesml.core.message.WorkerClock;
import org.hermesml.core.state.PendingUpdate;

/** Writes decisions down. */
final class Decisions {
    /**
     * @param workerLoss that the coefficient was made from; 0 where the rule uses none
     */
    static Optional<Verdict.Builder> admit(
            PendingUpdate update,
            MergeKind kind,
            double coefficient,
            double workerLoss,
            Standing standing) {
        Admitted.Builder admitted =
                Admitted.newBuilder()
                        .setId(update.getId())
                        .setKind(kind)
                        .setCoefficient(coefficient)
                        .setWorkerLoss(workerLoss)
                        .setWork(update.getWork())
                        .setGlobalLoss(standing.globalLoss())
                        .setGlobalVersion(standing.globalVersion());
        return Optional.of(Verdict.newBuilder().setAdmitted(admitted));
    }

    /** Of a rule that looks at no loss. */
    static Optional<Verdict.Builder> admit(
            PendingUpdate update, MergeKind kind, double coefficient) {
        Admitted.Builder admitted =
                Admitted.newBuilder()
                        .setId(update.getId())
                        .setKind(kind)
                        .setCoefficient(coefficient);
        return Optional.of(Verdict.newBuilder().setAdmitted(admitted));
    }

    static Optional<Verdict.Builder> hold(PendingUpdate update, double weight, Standing standing) {
        return Optional.of(Verdict.newBuilder().setHeld(held(update, weight, standing)));
    }

    /** The worker is told at once and does not wait for the end of the round. */
    static Optional<Verdict.Builder> holdAndSettle(
            PendingUpdate update, double weight, Standing standing) {
        return Optional.of(
                Verdict.newBuilder().setHeld(held(update, weight, standing).setSettles(true)));
    }

    static Optional<Verdict.Builder> refuse(PendingUpdate update, String reason) {
        Refused.Builder refused =
                Refused.newBuilder()
                        .setId(update.getId())
                        .setKind(RefusalKind.BY_METHOD)
                        .setReason(reason);
        return Optional.of(Verdict.newBuilder().setRefused(refused));
    }

    /**
     * @param clock of the iteration that a worker has finished and waits with
     */
    static Released.Builder released(
            Standing standing, Predicate<LiveWorker> who, ToLongFunction<LiveWorker> clock) {
        Released.Builder released = Released.newBuilder();
        standing.live()
                .forEach(
                        (worker, of) -> {
                            if (who.test(of)) {
                                released.putWorkers(
                                        worker,
                                        WorkerClock.newBuilder()
                                                .setIncarnation(of.incarnation())
                                                .setClock(clock.applyAsLong(of))
                                                .build());
                            }
                        });
        return released;
    }

    private static Held.Builder held(PendingUpdate update, double weight, Standing standing) {
        return Held.newBuilder().setId(update.getId()).setRound(standing.round()).setWeight(weight);
    }

    private Decisions() {}
}
