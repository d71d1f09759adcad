package org.hermesml.operators;

import com.google.protobuf.InvalidProtocolBufferException;
import java.io.Serializable;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.metrics.Counter;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.hermesml.core.Protocol;
import org.hermesml.core.message.RefusedRecord;
import org.hermesml.core.state.ReceivedRecord;

/**
 * Step `listen`: turns the bytes of one topic into messages. What cannot be read is refused and
 * counted; it never stops the job.
 *
 * @param <T> the message
 */
public final class ListenFunction<T> extends ProcessFunction<ReceivedRecord, T> {
    private static final long serialVersionUID = 1;

    private final Reader<T> reader;
    private transient Counter refusedRecords;
    private transient Counter recordBytes;

    public ListenFunction(Reader<T> reader) {
        this.reader = reader;
    }

    @Override
    public void open(OpenContext openContext) {
        refusedRecords = getRuntimeContext().getMetricGroup().counter("refusedRecords");
        recordBytes = getRuntimeContext().getMetricGroup().counter("recordBytes");
    }

    @Override
    public void processElement(ReceivedRecord record, Context context, Collector<T> out) {
        recordBytes.inc((long) record.getKey().size() + record.getValue().size());
        T message;
        try {
            message = reader.read(record);
        } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
            refusedRecords.inc();
            context.output(Runs.REFUSED, refused(record, e.getMessage()));
            return;
        }
        out.collect(message);
    }

    static RefusedRecord refused(ReceivedRecord record, String reason) {
        return RefusedRecord.newBuilder()
                .setProtocol(Protocol.VERSION)
                .setTopic(record.getTopic())
                .setAddress(record.getAddress())
                .setReason(reason)
                .build();
    }

    /**
     * Reads one record; throws {@link IllegalArgumentException} with one sentence where it is not
     * to be taken.
     */
    @FunctionalInterface
    public interface Reader<T> extends Serializable {
        T read(ReceivedRecord record) throws InvalidProtocolBufferException;
    }
}
