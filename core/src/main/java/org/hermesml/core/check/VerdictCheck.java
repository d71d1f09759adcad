package org.hermesml.core.check;

import org.hermesml.core.message.Admitted;
import org.hermesml.core.message.Held;
import org.hermesml.core.message.MergeKind;
import org.hermesml.core.message.Released;
import org.hermesml.core.message.RoundClosed;
import org.hermesml.core.message.UpdateId;
import org.hermesml.core.message.Verdict;

/**
 * Whether a server can have written an entry of the verdict log at all. Every reader of the log
 * passes over what is refused here, so that all of them still see the same versions. Pure.
 */
public final class VerdictCheck {
    /** One sentence; empty when nothing is wrong. */
    public static String fault(Verdict verdict) {
        if (!Counts.isOne(verdict.getLife())) {
            return "the verdict is of a life numbered " + verdict.getLife();
        }
        return switch (verdict.getDecisionCase()) {
            case ADMITTED -> admitted(verdict.getAdmitted());
            case HELD -> held(verdict.getHeld());
            case REFUSED -> UpdateIdCheck.fault(verdict.getRefused().getId());
            case ROUND_CLOSED -> roundClosed(verdict.getRoundClosed());
            case RELEASED -> released(verdict.getReleased());
            case END, RESUMED -> "";
            case DECISION_NOT_SET -> "the verdict decides nothing";
        };
    }

    private static String admitted(Admitted admitted) {
        String fault = UpdateIdCheck.fault(admitted.getId());
        if (!fault.isEmpty()) {
            return fault;
        }
        boolean merges =
                switch (admitted.getKind()) {
                    case REPLACE -> true;
                    case AVERAGE, ADD, LOSS_WEIGHTED_SUM -> !isInitial(admitted.getId());
                    case MERGE_KIND_UNSPECIFIED, UNRECOGNIZED -> false;
                };
        if (!merges) {
            return "the verdict admits by a merge of kind " + admitted.getKind();
        }
        if (!isFinite(admitted.getCoefficient())) {
            return "the verdict admits with coefficient " + admitted.getCoefficient();
        }
        return isFinite(admitted.getWorkerLoss()) && isFinite(admitted.getWork())
                ? ""
                : "the verdict admits for a loss of "
                        + admitted.getWorkerLoss()
                        + " and a work of "
                        + admitted.getWork();
    }

    private static String held(Held held) {
        String fault = UpdateIdCheck.fault(held.getId());
        if (fault.isEmpty() && isInitial(held.getId())) {
            return "the verdict holds the initial model";
        }
        if (fault.isEmpty() && !(isFinite(held.getWeight()) && held.getWeight() > 0)) {
            return "the verdict holds with weight " + held.getWeight();
        }
        return fault;
    }

    private static String roundClosed(RoundClosed closed) {
        if (closed.getKind() != MergeKind.MERGE_KIND_UNSPECIFIED
                && closed.getKind() != MergeKind.ADD) {
            return "the verdict closes a round by a merge of kind " + closed.getKind();
        }
        boolean adds =
                closed.getKind() != MergeKind.ADD
                        || isFinite(closed.getCoefficient())
                                && isFinite(closed.getDivisor())
                                && closed.getDivisor() > 0;
        if (!adds || !(closed.getMomentum() >= 0 && closed.getMomentum() <= 1)) {
            return "the verdict closes a round with coefficient "
                    + closed.getCoefficient()
                    + " / "
                    + closed.getDivisor()
                    + " and momentum "
                    + closed.getMomentum();
        }
        return closed.getIterationsMap().values().stream().anyMatch(i -> i < 0)
                ? "the verdict closes a round and says less than 0 iterations to somebody"
                : "";
    }

    private static String released(Released released) {
        boolean can =
                released.getWorkersMap().entrySet().stream()
                        .allMatch(
                                e ->
                                        Names.isWorker(e.getKey())
                                                && e.getValue().getIncarnation() >= 0
                                                && Counts.isOne(e.getValue().getClock()));
        return can ? "" : "the verdict releases a worker that cannot be";
    }

    private static boolean isInitial(UpdateId id) {
        return id.getWorker().isEmpty();
    }

    /** And not below 0. */
    private static boolean isFinite(double value) {
        return value >= 0 && value <= Double.MAX_VALUE;
    }

    private VerdictCheck() {}
}
