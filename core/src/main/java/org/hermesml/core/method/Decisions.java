package org.hermesml.core.method;

import java.util.Optional;
import org.hermesml.core.message.Admitted;
import org.hermesml.core.message.Held;
import org.hermesml.core.message.MergeKind;
import org.hermesml.core.message.Verdict;
import org.hermesml.core.state.PendingUpdate;

/** Writes decisions down. */
final class Decisions {
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
                        .setGlobalLoss(standing.globalLoss())
                        .setGlobalVersion(standing.globalVersion());
        return Optional.of(Verdict.newBuilder().setAdmitted(admitted));
    }

    static Optional<Verdict.Builder> hold(PendingUpdate update, double weight, Standing standing) {
        Held.Builder held =
                Held.newBuilder()
                        .setId(update.getId())
                        .setRound(standing.round())
                        .setWeight(weight);
        return Optional.of(Verdict.newBuilder().setHeld(held));
    }

    private Decisions() {}
}
