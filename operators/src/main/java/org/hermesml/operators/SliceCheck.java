package org.hermesml.operators;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.metrics.Counter;
import org.apache.flink.streaming.api.functions.co.BroadcastProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;
import org.hermesml.core.check.Refusal;
import org.hermesml.core.message.RefusalKind;
import org.hermesml.core.message.RefusedRecord;
import org.hermesml.core.message.RunPhase;
import org.hermesml.core.message.RunRecord;
import org.hermesml.core.message.UpdateSlice;
import org.hermesml.core.state.ReceivedRecord;
import org.hermesml.core.state.RunEvent;
import org.hermesml.core.state.ShardEvent;

/**
 * Step `check`: looks at every slice before anything else does and gives it a ticket. Sound slices
 * go on to their shard; the ticket of any slice goes to admission. Slices of a run that is not
 * known yet go aside, to {@link WaitingSlices}: merge and admission get both halves of a slice or
 * neither, so that one never keeps what the other has given up. Keeps nothing but the directory of
 * runs.
 */
public final class SliceCheck
        extends BroadcastProcessFunction<ReceivedRecord, RunRecord, ShardEvent> {
    private static final long serialVersionUID = 2;

    public static final OutputTag<RunEvent> TICKETS =
            new OutputTag<>("tickets", ProtobufType.message(RunEvent.class));

    /** Slices of runs that nobody has heard of. */
    public static final OutputTag<ReceivedRecord> UNKNOWN =
            new OutputTag<>("unknown", ProtobufType.message(ReceivedRecord.class));

    private transient Counter faultySlices;
    private transient Counter recordBytes;
    private transient Map<String, CheckedSlices> rules;

    @Override
    public void open(OpenContext openContext) {
        rules = new HashMap<>();
        faultySlices = getRuntimeContext().getMetricGroup().counter("faultySlices");
        recordBytes = getRuntimeContext().getMetricGroup().counter("recordBytes");
    }

    @Override
    public void processElement(
            ReceivedRecord record, ReadOnlyContext context, Collector<ShardEvent> out)
            throws Exception {
        recordBytes.inc(Readers.bytes(record));
        Consumer<RefusedRecord> refused =
                faulty -> {
                    faultySlices.inc();
                    context.output(Runs.REFUSED, faulty);
                };
        UpdateSlice slice;
        try {
            slice = Readers.slice(record);
        } catch (Refusal e) {
            refused.accept(Refusals.unread(record, e));
            return;
        }
        RunRecord run = context.getBroadcastState(Runs.DIRECTORY).get(slice.getRun());
        if (run == null) {
            context.output(UNKNOWN, record);
        } else if (run.getPhase() == RunPhase.ENDED) {
            refused.accept(
                    CheckedSlices.refusal(
                            record, slice, RefusalKind.ENDED_RUN, RunFunction.HAS_ENDED));
        } else {
            rules.computeIfAbsent(slice.getRun(), id -> CheckedSlices.of(run.getSpec()))
                    .check(
                            record,
                            slice,
                            out::collect,
                            ticket -> context.output(TICKETS, ticket),
                            refused);
        }
    }

    @Override
    public void processBroadcastElement(RunRecord run, Context context, Collector<ShardEvent> out)
            throws Exception {
        rules.remove(run.getRun());
        Runs.take(run, context.getBroadcastState(Runs.DIRECTORY));
    }
}
