package org.hermesml.operators;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.metrics.Counter;
import org.apache.flink.util.Collector;
import org.hermesml.core.Protocol;
import org.hermesml.core.log.UpdateIds;
import org.hermesml.core.merge.SliceModel;
import org.hermesml.core.message.ModelSlice;
import org.hermesml.core.message.RoundClosed;
import org.hermesml.core.message.RunRecord;
import org.hermesml.core.message.RunSpec;
import org.hermesml.core.message.UpdateId;
import org.hermesml.core.message.UpdateSlice;
import org.hermesml.core.message.ValueType;
import org.hermesml.core.message.Verdict;
import org.hermesml.core.settings.Settings;
import org.hermesml.core.state.NumberedVerdict;
import org.hermesml.core.state.ShardEvent;
import org.hermesml.core.state.ShardProgress;
import org.hermesml.core.state.WaitingSlice;
import org.hermesml.core.wire.CutCheck;
import org.hermesml.core.wire.Slicing;
import org.hermesml.core.wire.Values;

/**
 * Step `merge`, key (run, shard): slices wait for their verdict from the log, or the verdict for
 * its slices, then the parameters move, in log order. Parameters lie in RocksDB piece by piece;
 * only the pieces concerned are touched.
 */
public final class MergeFunction extends RunFunction<ShardEvent, MergeFunction.Rule, ModelSlice> {
    private static final long serialVersionUID = 1;

    /** State of a shard: which entries of the log are in it. */
    public static final String PROGRESS = "progress";

    /** State of a shard: parameters, fp32, as the merge goes on from them. */
    public static final String PIECES = "pieces";

    /** How the keys of weights begin in {@link #PIECES}; the number of the slice follows. */
    public static final String WEIGHTS = "w:";

    /** What a shard needs of its run's spec. */
    record Rule(CutCheck cut, double learningRate, ValueType modelType) {}

    private transient ValueState<ShardProgress> progress;
    private transient MapState<Long, NumberedVerdict> queue;
    private transient MapState<String, UpdateSlice> waiting;
    private transient MapState<String, byte[]> pieces;
    private transient Counter mergedSlices;
    private transient Counter droppedSlices;

    public MergeFunction() {
        super(ProtobufType.message(ShardEvent.class));
    }

    @Override
    public void open(OpenContext openContext) throws Exception {
        super.open(openContext);
        progress = value(PROGRESS, ProtobufType.message(ShardProgress.class));
        queue = map("queue", Types.LONG, ProtobufType.message(NumberedVerdict.class));
        waiting = map("waiting", Types.STRING, ProtobufType.message(UpdateSlice.class));
        pieces = map(PIECES, Types.STRING, PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO);
        mergedSlices = getRuntimeContext().getMetricGroup().counter("mergedSlices");
        droppedSlices = getRuntimeContext().getMetricGroup().counter("droppedSlices");
    }

    @Override
    protected Rule rule(RunSpec spec) {
        Settings settings = Settings.of(spec.getSettingsMap());
        return new Rule(
                CutCheck.of(spec),
                settings.get(Settings.LEARNING_RATE),
                Values.type(settings.get(Settings.MODEL_TYPE)));
    }

    @Override
    protected void handle(
            Rule rule,
            RunRecord run,
            ShardEvent event,
            ReadOnlyContext context,
            Collector<ModelSlice> out)
            throws Exception {
        List<Slicing.Slice> slices = rule.cut().slicing().ofShard(event.getShard());
        if (event.hasSlice() && !rule.cut().fault(event.getSlice()).isEmpty()) {
            // No verdict would ever clear it away.
            droppedSlices.inc();
            return;
        }
        ShardProgress kept = progress.value();
        ShardProgress.Builder next = kept == null ? ShardProgress.newBuilder() : kept.toBuilder();
        if (event.hasSlice()) {
            takeIn(event.getSlice(), next);
        } else if (event.hasForgotten()) {
            forget(event.getForgotten(), next);
        } else if (event.getVerdict().getIndex() >= next.getNextIndex()) {
            queue.put(event.getVerdict().getIndex(), event.getVerdict());
        }
        NumberedVerdict entry;
        while ((entry = queue.get(next.getNextIndex())) != null
                && isApplicable(entry.getVerdict(), slices)) {
            apply(rule, entry, slices, next, out);
            queue.remove(next.getNextIndex());
            next.setNextIndex(next.getNextIndex() + 1);
        }
        progress.update(next.build());
    }

    private void takeIn(UpdateSlice slice, ShardProgress.Builder next) throws Exception {
        UpdateId decided = next.getDecidedMap().get(slice.getId().getWorker());
        String place = place(slice.getId(), slice.getSlice());
        boolean late = decided != null && UpdateIds.AGE.compare(slice.getId(), decided) <= 0;
        if (late || waiting.contains(place)) {
            droppedSlices.inc();
            return;
        }
        waiting.put(place, slice);
        next.addWaiting(WaitingSlice.newBuilder().setId(slice.getId()).setSlice(slice.getSlice()));
    }

    /** No verdict will ever name it. */
    private void forget(UpdateId id, ShardProgress.Builder next) throws Exception {
        List<WaitingSlice> still = new ArrayList<>();
        for (WaitingSlice slice : next.getWaitingList()) {
            if (slice.getId().equals(id)) {
                waiting.remove(place(id, slice.getSlice()));
                droppedSlices.inc();
            } else {
                still.add(slice);
            }
        }
        next.clearWaiting().addAllWaiting(still);
    }

    /** Whether all that the verdict speaks of is here. */
    private boolean isApplicable(Verdict verdict, List<Slicing.Slice> slices) throws Exception {
        UpdateId id =
                switch (verdict.getDecisionCase()) {
                    case ADMITTED -> verdict.getAdmitted().getId();
                    case HELD -> verdict.getHeld().getId();
                    default -> null;
                };
        if (id != null) {
            for (Slicing.Slice slice : slices) {
                if (!waiting.contains(place(id, slice.slice()))) {
                    return false;
                }
            }
        }
        return true;
    }

    private void apply(
            Rule rule,
            NumberedVerdict entry,
            List<Slicing.Slice> slices,
            ShardProgress.Builder next,
            Collector<ModelSlice> out)
            throws Exception {
        Verdict verdict = entry.getVerdict();
        switch (verdict.getDecisionCase()) {
            case ADMITTED -> {
                UpdateId id = verdict.getAdmitted().getId();
                for (Slicing.Slice slice : slices) {
                    SliceModel model = load(slice, 'w', 'i', 's', 'v');
                    model.admit(
                            verdict.getAdmitted(), waitingValues(id, slice), rule.learningRate());
                    store(slice, model, 'w', 'i', 's', 'v');
                    out.collect(version(entry, rule, slice, model.weights()));
                }
                settle(id, next);
            }
            case HELD -> {
                UpdateId id = verdict.getHeld().getId();
                double weight = verdict.getHeld().getWeight();
                for (Slicing.Slice slice : slices) {
                    SliceModel model = load(slice, 'r');
                    model.hold(waitingValues(id, slice), weight, next.getRoundWeight());
                    store(slice, model, 'r');
                }
                next.setRoundWeight(next.getRoundWeight() + weight);
                settle(id, next);
            }
            case ROUND_CLOSED -> {
                RoundClosed closed = verdict.getRoundClosed();
                for (Slicing.Slice slice : slices) {
                    SliceModel model =
                            SliceModel.needsWeights(closed)
                                    ? load(slice, 'r', 'w', 'v')
                                    : load(slice, 'r');
                    model.closeRound(closed, next.getRoundWeight());
                    store(slice, model, 'w', 'r', 'v');
                    out.collect(version(entry, rule, slice, model.weights()));
                }
                next.setRoundWeight(0);
            }
            case REFUSED -> settle(verdict.getRefused().getId(), next);
            default -> {}
        }
    }

    /**
     * The fate of {@code id} is settled: its slices, and any older ones of its worker, are not
     * needed again.
     */
    private void settle(UpdateId id, ShardProgress.Builder next) throws Exception {
        List<WaitingSlice> still = new ArrayList<>();
        for (WaitingSlice slice : next.getWaitingList()) {
            boolean settled =
                    slice.getId().getWorker().equals(id.getWorker())
                            && UpdateIds.AGE.compare(slice.getId(), id) <= 0;
            if (settled) {
                waiting.remove(place(slice.getId(), slice.getSlice()));
                mergedSlices.inc();
            } else {
                still.add(slice);
            }
        }
        next.clearWaiting().addAllWaiting(still).putDecided(id.getWorker(), id);
    }

    private float[] waitingValues(UpdateId id, Slicing.Slice slice) throws Exception {
        UpdateSlice update = waiting.get(place(id, slice.slice()));
        return Values.decode(update.getValues(), update.getType());
    }

    private static ModelSlice version(
            NumberedVerdict entry, Rule rule, Slicing.Slice slice, float[] weights) {
        ByteString values = Values.encode(weights, 0, weights.length, rule.modelType());
        return ModelSlice.newBuilder()
                .setProtocol(Protocol.VERSION)
                .setRun(entry.getVerdict().getRun())
                .setVersion(entry.getVersion())
                .setSlice(slice.slice())
                .setSliceCount(rule.cut().slicing().sliceCount())
                .setFirst(slice.first())
                .setCount(slice.count())
                .setType(rule.modelType())
                .setValues(values)
                .setCrc32C(Values.crc32c(values))
                .build();
    }

    // ---- pieces: w(eights), i(nitial weights), s(um of official), r(ound), v(elocity)

    private SliceModel load(Slicing.Slice slice, char... kinds) throws Exception {
        String wanted = new String(kinds);
        return new SliceModel(
                wanted.indexOf('w') < 0 ? null : piece('w', slice),
                wanted.indexOf('i') < 0 ? null : piece('i', slice),
                wanted.indexOf('s') < 0 ? null : piece('s', slice),
                wanted.indexOf('r') < 0 ? null : piece('r', slice),
                wanted.indexOf('v') < 0 ? null : piece('v', slice));
    }

    private float[] piece(char kind, Slicing.Slice slice) throws Exception {
        byte[] bytes = pieces.get(kind + ":" + slice.slice());
        return bytes == null
                ? null
                : Values.decode(UnsafeByteOperations.unsafeWrap(bytes), ValueType.FP32);
    }

    private void store(Slicing.Slice slice, SliceModel model, char... kinds) throws Exception {
        for (char kind : kinds) {
            float[] values =
                    switch (kind) {
                        case 'w' -> model.weights();
                        case 'i' -> model.initialChanged() ? model.initial() : null;
                        case 's' -> model.sumChanged() ? model.sum() : null;
                        case 'v' -> model.velocity();
                        default -> model.round();
                    };
            if (values != null) {
                byte[] bytes =
                        Values.encode(values, 0, values.length, ValueType.FP32).toByteArray();
                pieces.put(kind + ":" + slice.slice(), bytes);
            } else if (kind == 'r') {
                pieces.remove(kind + ":" + slice.slice());
            }
        }
    }

    private static String place(UpdateId id, int slice) {
        return UpdateIds.print(id) + "/" + slice;
    }
}
