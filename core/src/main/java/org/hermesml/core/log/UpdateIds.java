package org.hermesml.core.log;

import java.util.Comparator;
import org.hermesml.core.message.UpdateId;

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

    public static boolean isInitial(UpdateId id) {
        return id.getWorker().equals(INITIAL_WORKER);
    }

    /** For people and map keys: {@code pi-3:17:42}. */
    public static String print(UpdateId id) {
        return id.getWorker() + ":" + id.getIncarnation() + ":" + id.getSequence();
    }

    private UpdateIds() {}
}
