package org.hermesml.operators;

import java.util.Optional;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;
import org.hermesml.core.log.LogBook;
import org.hermesml.core.log.Settlements;
import org.hermesml.core.message.Refused;
import org.hermesml.core.message.RefusedRecord;
import org.hermesml.core.message.RunRecord;
import org.hermesml.core.message.RunSpec;
import org.hermesml.core.message.Verdict;
import org.hermesml.core.settings.Settings;
import org.hermesml.core.state.AccountEvent;
import org.hermesml.core.state.NumberedVerdict;
import org.hermesml.core.state.RunEvent;
import org.hermesml.core.state.ShardEvent;
import org.hermesml.core.wire.Slicing;

/**
 * Step `decide`, second half, key run: reads the verdict log back, numbers the entries that count,
 * and hands each to all shards in log order.
 */
public final class VerdictLogFunction extends RunFunction<Verdict, Slicing, RunEvent> {
    private static final long serialVersionUID = 1;

    public static final OutputTag<ShardEvent> TO_SHARDS =
            new OutputTag<>("to-shards", ProtobufType.message(ShardEvent.class));
    public static final OutputTag<AccountEvent> SETTLED =
            new OutputTag<>("settled", ProtobufType.message(AccountEvent.class));

    private transient LogBooks logs;

    public VerdictLogFunction() {
        super(ProtobufType.message(Verdict.class));
    }

    @Override
    public void open(OpenContext openContext) throws Exception {
        super.open(openContext);
        logs = new LogBooks(this);
    }

    @Override
    protected Slicing rule(RunSpec spec) {
        return Slicing.of(spec.getParameterCount(), Settings.of(spec.getSettingsMap()));
    }

    @Override
    protected void handle(
            Slicing slicing,
            RunRecord run,
            Verdict verdict,
            ReadOnlyContext context,
            Collector<RunEvent> out)
            throws Exception {
        LogBook log = logs.of(run.getRun());
        NumberedVerdict entry = log.read(verdict);
        logs.write(log);
        // Ignored entries too: admission must learn that a proposal of its own was not taken.
        out.collect(Events.of(entry));
        if (!entry.getIgnored()) {
            for (int shard = 0; shard < slicing.shardCount(); shard++) {
                context.output(TO_SHARDS, Events.forShard(entry, shard));
            }
            Settlements.forAccounts(entry).forEach(event -> context.output(SETTLED, event));
            if (verdict.hasRefused()) {
                Refused refused = verdict.getRefused();
                refuse(
                        Refusals.of(refused.getKind(), refused.getReason())
                                .setWorker(refused.getId().getWorker())
                                .setId(refused.getId()),
                        context);
            }
        }
    }

    @Override
    protected void onForgotten(String run) {
        logs.close(run);
    }

    @Override
    protected Optional<RefusedRecord.Builder> sent(Verdict verdict) {
        return Optional.of(RefusedRecord.newBuilder());
    }
}
