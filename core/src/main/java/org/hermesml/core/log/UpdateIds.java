package org.hermesml.core.log;

import java.util.Comparator;
import java.util.Optional;
import org.hermesml.core.message.UpdateId;
import org.hermesml.core.message.Verdict;

/** Order and names of updates. */
public final class UpdateIds {
    /** Writer of the initial model. */
    public static final String INITIAL_WORKER = "";

    public static final UpdateId INITIAL = UpdateId.newBuilder().setWorker(INITIAL_WORKER).build();

    /** By life of the worker, then by its clock; only updates of one worker compare. */
    public static final Comparator<UpdateId> AGE =
            Comparator.comparingLong(UpdateId::getIncarnation)
                    .thenComparingLong(UpdateId::getSequence);

    public static UpdateId of(String worker, long incarnation, long sequence) {
        return UpdateId.newBuilder()
                .setWorker(worker)
                .setIncarnation(incarnation)
                .setSequence(sequence)
                .build();
    }

    /** The update that a verdict is about; empty for any other entry of the log. */
    public static Optional<UpdateId> of(Verdict verdict) {
        return switch (verdict.getDecisionCase()) {
            case ADMITTED -> Optional.of(verdict.getAdmitted().getId());
            case HELD -> Optional.of(verdict.getHeld().getId());
            case REFUSED -> Optional.of(verdict.getRefused().getId());
            default -> Optional.empty();
        };
    }

    public static boolean isInitial(UpdateId id) {
        return id.getWorker().equals(INITIAL_WORKER);
    }

    /** For people and map keys: {@code pi-3:17:42}. */
    public static String print(UpdateId id) {
        return id.getWorker() + ":" + id.getIncarnation() + ":" + id.getSequence();
    }

    private UpdateIds() {}
}
