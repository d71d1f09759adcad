package org.hermesml.operators;

import com.google.protobuf.Message;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.function.Supplier;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.functions.KeySelector;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.TestableKeyedStateBackend;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.apache.flink.streaming.api.operators.co.CoBroadcastWithKeyedOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedBroadcastOperatorTestHarness;
import org.apache.flink.util.OutputTag;
import org.hermesml.core.message.RunRecord;

/**
 * Runs one keyed function in Flink's harness on RocksDB; on wish with snapshot, a fresh function
 * and restore after every single element.
 */
final class FunctionHost<IN extends Message, OUT> implements AutoCloseable {
    static {
        HarnessTypes.register();
    }

    private final Supplier<? extends RunFunction<IN, ?, OUT>> functions;
    private final KeySelector<IN, String> key;
    private final boolean restoreAlways;
    private final List<OutputTag<?>> tags;
    private final List<OUT> out = new ArrayList<>();
    private final Map<String, List<Object>> side = new HashMap<>();
    private final Map<String, Integer> polled = new HashMap<>();
    private KeyedBroadcastOperatorTestHarness<String, IN, RunRecord, OUT> harness;
    private CoBroadcastWithKeyedOperator<String, IN, RunRecord, OUT> operator;
    private long nowMs;

    FunctionHost(
            Supplier<? extends RunFunction<IN, ?, OUT>> functions,
            KeySelector<IN, String> key,
            boolean restoreAlways,
            OutputTag<?>... tags)
            throws Exception {
        this.functions = functions;
        this.key = key;
        this.restoreAlways = restoreAlways;
        this.tags = new ArrayList<>(List.of(tags));
        this.tags.add(Runs.REFUSED);
        start(null);
    }

    void run(RunRecord record) throws Exception {
        harness.processBroadcastElement(record, nowMs);
        collect();
    }

    /** Feeds one record; returns what it made the function emit. */
    List<OUT> feed(IN record) throws Exception {
        harness.processElement(record, nowMs);
        return collect();
    }

    List<OUT> timeIs(long timeMs) throws Exception {
        nowMs = timeMs;
        harness.setProcessingTime(timeMs);
        return collect();
    }

    /** All that the function emitted so far. */
    List<OUT> all() {
        return out;
    }

    /** All that went to {@code tag} so far. */
    @SuppressWarnings("unchecked")
    <T> List<T> side(OutputTag<T> tag) {
        return (List<T>) side.getOrDefault(tag.getId(), List.of());
    }

    /** The oldest that went to {@code tag} and was not asked for in this way yet; null for none. */
    <T> T poll(OutputTag<T> tag) {
        List<T> all = side(tag);
        int next = polled.getOrDefault(tag.getId(), 0);
        if (next == all.size()) {
            return null;
        }
        polled.put(tag.getId(), next + 1);
        return all.get(next);
    }

    int keyedEntries() {
        return ((TestableKeyedStateBackend<?>) operator.getKeyedStateBackend())
                .numKeyValueStateEntries();
    }

    int timers() {
        return harness.numProcessingTimeTimers();
    }

    void restore() throws Exception {
        OperatorSubtaskState snapshot = harness.snapshot(1, nowMs);
        harness.close();
        start(snapshot);
    }

    /** Snapshot, and restore at a later time: nobody was there in between. */
    void restoreAt(long timeMs) throws Exception {
        OperatorSubtaskState snapshot = harness.snapshot(1, nowMs);
        harness.close();
        nowMs = timeMs;
        start(snapshot);
    }

    private void start(OperatorSubtaskState snapshot) throws Exception {
        operator = new CoBroadcastWithKeyedOperator<>(functions.get(), List.of(Runs.DIRECTORY));
        harness =
                new KeyedBroadcastOperatorTestHarness<>(
                        operator, key, Types.STRING, Keys.MAX_PARALLELISM, 1, 0);
        harness.setStateBackend(
                restoreAlways ? new HashMapStateBackend() : new EmbeddedRocksDBStateBackend());
        harness.setProcessingTime(nowMs);
        if (snapshot != null) {
            harness.initializeState(snapshot);
        }
        harness.open();
    }

    private List<OUT> collect() throws Exception {
        List<OUT> fresh = new ArrayList<>();
        for (Object element : harness.getOutput()) {
            @SuppressWarnings("unchecked")
            StreamRecord<OUT> record = (StreamRecord<OUT>) element;
            fresh.add(record.getValue());
        }
        harness.getOutput().clear();
        for (OutputTag<?> tag : tags) {
            Queue<? extends StreamRecord<?>> queue = harness.getSideOutput(tag);
            while (queue != null && !queue.isEmpty()) {
                side.computeIfAbsent(tag.getId(), id -> new ArrayList<>())
                        .add(queue.remove().getValue());
            }
        }
        out.addAll(fresh);
        if (restoreAlways) {
            restore();
        }
        return fresh;
    }

    @Override
    public void close() throws Exception {
        harness.close();
    }
}
