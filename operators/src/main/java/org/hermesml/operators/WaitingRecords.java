package org.hermesml.operators;

import com.google.protobuf.Message;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;

/**
 * Records of the present key that wait for their run to become known. Bounded for each key, and for
 * all keys of a subtask since it opened: names of runs can be made up without end.
 *
 * @param <T> the records
 */
final class WaitingRecords<T extends Message> {
    private static final int MOST = 10_000;
    private static final long MOST_BYTES = 64 << 20;
    private static final int MOST_HERE = 50_000;
    private static final long MOST_BYTES_HERE = 256 << 20;
    private static final long LOOK_AGAIN_MS = 50;
    private static final long LOOK_AGAIN_SELDOM_MS = 2_000;

    private final ListState<T> records;
    private final ValueState<Long> since;
    private final ValueState<Integer> count;
    private final ValueState<Long> bytes;
    private int here;
    private long bytesHere;

    private WaitingRecords(
            ListState<T> records,
            ValueState<Long> since,
            ValueState<Integer> count,
            ValueState<Long> bytes) {
        this.records = records;
        this.since = since;
        this.count = count;
        this.bytes = bytes;
    }

    static <T extends Message> WaitingRecords<T> of(TypeInformation<T> type, RunStates states) {
        return new WaitingRecords<>(
                states.list("parked", type),
                states.value("parked-since", Types.LONG),
                states.value("parked-count", Types.INT),
                states.value("parked-bytes", Types.LONG));
    }

    boolean isEmpty() throws Exception {
        return since.value() == null;
    }

    /** When the oldest came; to be asked only where there is one. */
    long sinceMs() throws Exception {
        return since.value();
    }

    boolean hasRoomFor(T record) throws Exception {
        long size = record.getSerializedSize();
        return count() < MOST
                && bytes() + size <= MOST_BYTES
                && here < MOST_HERE
                && bytesHere + size <= MOST_BYTES_HERE;
    }

    /**
     * @param sinceMs since when it waits, if it is the first
     */
    void add(T record, long sinceMs) throws Exception {
        long size = record.getSerializedSize();
        records.add(record);
        count.update(count() + 1);
        bytes.update(bytes() + size);
        here++;
        bytesHere += size;
        if (since.value() == null) {
            since.update(sinceMs);
        }
    }

    /** All, oldest first; none is left. */
    List<T> take() throws Exception {
        List<T> all = new ArrayList<>();
        records.get().forEach(all::add);
        here = Math.max(0, here - all.size());
        bytesHere = Math.max(0, bytesHere - bytes());
        records.clear();
        since.clear();
        count.clear();
        bytes.clear();
        return all;
    }

    /** The longer they have waited the less often they are looked at: many may wait in vain. */
    static long pauseMs(long waitedMs) {
        return Math.min(Math.max(waitedMs / 4, LOOK_AGAIN_MS), LOOK_AGAIN_SELDOM_MS);
    }

    private int count() throws Exception {
        Integer kept = count.value();
        return kept == null ? 0 : kept;
    }

    private long bytes() throws Exception {
        Long kept = bytes.value();
        return kept == null ? 0 : kept;
    }
}
