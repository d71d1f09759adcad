package org.hermesml.operators;

import com.google.protobuf.InvalidProtocolBufferException;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.metrics.Counter;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;
import org.hermesml.core.log.UpdateIds;
import org.hermesml.core.message.RefusedRecord;
import org.hermesml.core.message.UpdateSlice;
import org.hermesml.core.state.ReceivedRecord;
import org.hermesml.core.state.RunEvent;
import org.hermesml.core.state.ShardEvent;
import org.hermesml.core.wire.SliceInspection;

/**
 * Step `check`: looks at every slice before anything else does and gives it a ticket. Sound slices
 * go on to their shard; the ticket of any slice goes to admission. Stateless.
 */
public final class SliceCheck extends ProcessFunction<ReceivedRecord, ShardEvent> {
    private static final long serialVersionUID = 1;

    public static final OutputTag<RunEvent> TICKETS =
            new OutputTag<>("tickets", ProtobufType.message(RunEvent.class));

    private transient Counter faultySlices;
    private transient Counter recordBytes;

    @Override
    public void open(OpenContext openContext) {
        faultySlices = getRuntimeContext().getMetricGroup().counter("faultySlices");
        recordBytes = getRuntimeContext().getMetricGroup().counter("recordBytes");
    }

    @Override
    public void processElement(ReceivedRecord record, Context context, Collector<ShardEvent> out) {
        long bytes = (long) record.getKey().size() + record.getValue().size();
        recordBytes.inc(bytes);
        UpdateSlice slice;
        try {
            slice = UpdateSlice.parseFrom(record.getValue());
            Readers.check(slice.getProtocol(), slice.getRun());
            if (UpdateIds.isInitial(slice.getId()) && !slice.getId().equals(UpdateIds.INITIAL)) {
                throw new IllegalArgumentException("the slice names no worker");
            }
        } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
            faultySlices.inc();
            context.output(Runs.REFUSED, ListenFunction.refused(record, e.getMessage()));
            return;
        }
        SliceInspection found = SliceInspection.of(slice);
        if (found.fault().isEmpty()) {
            out.collect(
                    ShardEvent.newBuilder()
                            .setRun(slice.getRun())
                            .setShard(slice.getShard())
                            .setSlice(slice)
                            .build());
        } else {
            faultySlices.inc();
            RefusedRecord refused =
                    ListenFunction.refused(record, found.fault()).toBuilder()
                            .setRun(slice.getRun())
                            .setWorker(slice.getId().getWorker())
                            .setId(slice.getId())
                            .build();
            context.output(Runs.REFUSED, refused);
        }
        context.output(TICKETS, Events.of(found.ticket(slice, bytes)));
    }
}
