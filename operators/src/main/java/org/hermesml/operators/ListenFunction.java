package org.hermesml.operators;

import java.io.Serializable;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.metrics.Counter;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.hermesml.core.check.Refusal;
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
        recordBytes.inc(Readers.bytes(record));
        T message;
        try {
            message = reader.read(record);
        } catch (Refusal e) {
            refusedRecords.inc();
            context.output(Runs.REFUSED, Refusals.unread(record, e));
            return;
        }
        out.collect(message);
    }

    /** Reads one record; throws {@link Refusal} where it is not to be taken. */
    @FunctionalInterface
    public interface Reader<T> extends Serializable {
        T read(ReceivedRecord record);
    }
}
