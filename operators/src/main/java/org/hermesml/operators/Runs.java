package org.hermesml.operators;

import org.apache.flink.api.common.state.BroadcastState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.util.OutputTag;
import org.hermesml.core.check.RunNews;
import org.hermesml.core.message.RefusedRecord;
import org.hermesml.core.message.RunRecord;

/** What all operators of the job share. */
public final class Runs {
    /** The runs that the job knows, running or ended, by id: broadcast to every operator. */
    public static final MapStateDescriptor<String, RunRecord> DIRECTORY =
            new MapStateDescriptor<>("runs", Types.STRING, ProtobufType.message(RunRecord.class));

    /** Records that no rule takes, with the reason. */
    public static final OutputTag<RefusedRecord> REFUSED =
            new OutputTag<>("refused", ProtobufType.message(RefusedRecord.class));

    /**
     * Enters a record into the directory. Every operator gets the same records in the same order,
     * and so comes to the same.
     */
    static RunNews take(RunRecord run, BroadcastState<String, RunRecord> directory)
            throws Exception {
        RunNews news = RunNews.of(directory.get(run.getRun()), run);
        if (news == RunNews.TAKEN) {
            switch (run.getPhase()) {
                case RUNNING, STOPPING -> directory.put(run.getRun(), run);
                // Its specification is not needed again, and there will be many ended runs.
                case ENDED -> directory.put(run.getRun(), run.toBuilder().clearSpec().build());
                // Deleted, perhaps before it ended.
                case RUN_PHASE_UNSPECIFIED -> directory.remove(run.getRun());
                case UNRECOGNIZED -> {}
            }
        }
        return news;
    }

    private Runs() {}
}
