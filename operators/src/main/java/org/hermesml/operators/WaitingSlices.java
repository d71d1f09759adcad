package org.hermesml.operators;

import com.google.protobuf.InvalidProtocolBufferException;
import java.util.Optional;
import org.apache.flink.util.Collector;
import org.hermesml.core.message.RefusalKind;
import org.hermesml.core.message.RefusedRecord;
import org.hermesml.core.message.RunRecord;
import org.hermesml.core.message.RunSpec;
import org.hermesml.core.message.UpdateSlice;
import org.hermesml.core.state.ReceivedRecord;
import org.hermesml.core.state.ShardEvent;

/**
 * Step `check`, for slices of runs that were not known when they came, key run: they wait, and go
 * on as all others do once their run is known.
 */
public final class WaitingSlices extends RunFunction<ReceivedRecord, CheckedSlices, ShardEvent> {
    private static final long serialVersionUID = 1;

    public WaitingSlices() {
        super(ProtobufType.message(ReceivedRecord.class));
    }

    /** The key of a slice that {@link SliceCheck} has read. */
    public static String runOf(ReceivedRecord record) throws InvalidProtocolBufferException {
        return UpdateSlice.parseFrom(record.getValue()).getRun();
    }

    @Override
    protected CheckedSlices rule(RunSpec spec) {
        return CheckedSlices.of(spec);
    }

    @Override
    protected void handle(
            CheckedSlices rule,
            RunRecord run,
            ReceivedRecord record,
            ReadOnlyContext context,
            Collector<ShardEvent> out)
            throws Exception {
        rule.check(
                record,
                UpdateSlice.parseFrom(record.getValue()),
                out::collect,
                ticket -> context.output(SliceCheck.TICKETS, ticket),
                refused -> refuse(refused.toBuilder(), context));
    }

    @Override
    protected Optional<RefusedRecord.Builder> sent(ReceivedRecord record) throws Exception {
        UpdateSlice slice = UpdateSlice.parseFrom(record.getValue());
        return Optional.of(
                CheckedSlices.refusal(record, slice, RefusalKind.REFUSAL_KIND_UNSPECIFIED, "")
                        .toBuilder());
    }

    @Override
    protected boolean isToldWhenLate(ReceivedRecord record) {
        return true;
    }
}
