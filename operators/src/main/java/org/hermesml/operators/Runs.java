package org.hermesml.operators;

import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.util.OutputTag;
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

    private Runs() {}
}
