package org.hermesml.operators;

import org.apache.flink.api.common.state.BroadcastState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.util.OutputTag;
import org.hermesml.core.message.RefusedRecord;
import org.hermesml.core.message.RunPhase;
import org.hermesml.core.message.RunRecord;

/** What all operators of the job share. */
public final class Runs {
    /** The runs that the job knows, running or ended, by id: broadcast to every operator. */
    public static final MapStateDescriptor<String, RunRecord> DIRECTORY =
            new MapStateDescriptor<>("runs", Types.STRING, ProtobufType.message(RunRecord.class));

    /** Records that no rule takes, with the reason. */
    public static final OutputTag<RefusedRecord> REFUSED =
            new OutputTag<>("refused", ProtobufType.message(RefusedRecord.class));

    /** What a record of a run came to. */
    enum Taken {
        /** The directory has it. */
        TAKEN,
        /** The run has ended, which is for good. */
        LATE,
        /** The run is known with another specification, by which its state was made. */
        ALTERED
    }

    /**
     * Enters a record into the directory. Every operator gets the same records in the same order,
     * and so comes to the same.
     */
    static Taken take(RunRecord run, BroadcastState<String, RunRecord> directory) throws Exception {
        RunRecord known = directory.get(run.getRun());
        switch (run.getPhase()) {
            case RUNNING, STOPPING -> {
                if (known != null && known.getPhase() == RunPhase.ENDED) {
                    return Taken.LATE;
                }
                if (known != null && !known.getSpec().equals(run.getSpec())) {
                    return Taken.ALTERED;
                }
                directory.put(run.getRun(), run);
            }
            // Its specification is not needed again, and there will be many ended runs.
            case ENDED -> directory.put(run.getRun(), run.toBuilder().clearSpec().build());
            // Deleted, perhaps before it ended.
            case RUN_PHASE_UNSPECIFIED -> directory.remove(run.getRun());
            default -> {}
        }
        return Taken.TAKEN;
    }

    private Runs() {}
}
