package org.hermesml.cli.chaos;

import com.google.protobuf.UnsafeByteOperations;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple3;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.state.api.OperatorIdentifier;
import org.apache.flink.state.api.SavepointReader;
import org.apache.flink.state.api.functions.KeyedStateReaderFunction;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.CloseableIterator;
import org.apache.flink.util.Collector;
import org.hermesml.core.message.ValueType;
import org.hermesml.core.state.ShardProgress;
import org.hermesml.core.wire.Slicing;
import org.hermesml.core.wire.Values;
import org.hermesml.job.Uids;
import org.hermesml.operators.Keys;
import org.hermesml.operators.MergeFunction;
import org.hermesml.operators.ProtobufType;

/**
 * The model of one run as the merge holds it, read out of a savepoint.
 *
 * @param slices weights by slice
 * @param applied by key of a shard: how many entries of the log are in it
 */
record SavedModel(Map<Integer, float[]> slices, Map<String, Long> applied) {
    static SavedModel read(String savepoint, String run) {
        Map<Integer, float[]> slices = new HashMap<>();
        Map<String, Long> applied = new HashMap<>();
        StreamExecutionEnvironment env = StreamExecutionEnvironment.createLocalEnvironment(1);
        try {
            SavepointReader reader =
                    SavepointReader.read(env, savepoint, new HashMapStateBackend());
            try (CloseableIterator<Tuple3<String, String, byte[]>> pieces =
                    reader.readKeyedState(
                                    OperatorIdentifier.forUid(Uids.MERGE),
                                    new Pieces(run),
                                    Types.STRING,
                                    Types.TUPLE(
                                            Types.STRING,
                                            Types.STRING,
                                            PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO))
                            .executeAndCollect()) {
                while (pieces.hasNext()) {
                    Tuple3<String, String, byte[]> piece = pieces.next();
                    if (piece.f1.equals(MergeFunction.PROGRESS)) {
                        applied.put(piece.f0, ShardProgress.parseFrom(piece.f2).getNextIndex());
                    } else {
                        slices.put(
                                Integer.parseInt(
                                        piece.f1.substring(MergeFunction.WEIGHTS.length())),
                                Values.decode(
                                        UnsafeByteOperations.unsafeWrap(piece.f2), ValueType.FP32));
                    }
                }
            }
        } catch (Exception e) {
            throw new IllegalStateException(
                    "The savepoint " + savepoint + " cannot be read: " + e.getMessage(), e);
        }
        return new SavedModel(slices, applied);
    }

    /**
     * Where it is not the model that the log makes, in words.
     *
     * @param model {@code [parameters]}
     * @param entries of the log that make it
     */
    List<String> faults(Slicing slicing, float[] model, long entries) {
        List<String> faults = new ArrayList<>();
        if (applied.size() != slicing.shardCount()) {
            faults.add("the savepoint holds " + applied.size() + " shards");
        }
        applied.forEach(
                (shard, count) -> {
                    if (count != entries) {
                        faults.add(
                                "shard "
                                        + shard
                                        + " of the savepoint has "
                                        + count
                                        + " of "
                                        + entries
                                        + " entries of the log");
                    }
                });
        for (Slicing.Slice slice : slicing.slices()) {
            float[] found = slices.get(slice.slice());
            if (found == null || !same(found, model, (int) slice.first())) {
                faults.add(
                        "slice " + slice.slice() + " of the savepoint is not what the log makes");
            }
        }
        return faults;
    }

    private static boolean same(float[] slice, float[] model, int first) {
        for (int i = 0; i < slice.length; i++) {
            if (Float.floatToRawIntBits(slice[i]) != Float.floatToRawIntBits(model[first + i])) {
                return false;
            }
        }
        return true;
    }

    /** Key, name and bytes of each piece of the run's shards. */
    private static final class Pieces
            extends KeyedStateReaderFunction<String, Tuple3<String, String, byte[]>> {
        private static final long serialVersionUID = 1;

        private final String run;
        private transient ValueState<ShardProgress> progress;
        private transient MapState<String, byte[]> pieces;

        Pieces(String run) {
            this.run = run;
        }

        @Override
        public void open(OpenContext openContext) {
            progress =
                    getRuntimeContext()
                            .getState(
                                    new ValueStateDescriptor<>(
                                            MergeFunction.PROGRESS,
                                            ProtobufType.message(ShardProgress.class)));
            pieces =
                    getRuntimeContext()
                            .getMapState(
                                    new MapStateDescriptor<>(
                                            MergeFunction.PIECES,
                                            Types.STRING,
                                            PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO));
        }

        @Override
        public void readKey(
                String key, Context context, Collector<Tuple3<String, String, byte[]>> out)
                throws Exception {
            if (!Keys.runOf(key).equals(run)) {
                return;
            }
            if (progress.value() != null) {
                out.collect(Tuple3.of(key, MergeFunction.PROGRESS, progress.value().toByteArray()));
            }
            for (Map.Entry<String, byte[]> piece : pieces.entries()) {
                if (piece.getKey().startsWith(MergeFunction.WEIGHTS)) {
                    out.collect(Tuple3.of(key, piece.getKey(), piece.getValue()));
                }
            }
        }
    }
}
