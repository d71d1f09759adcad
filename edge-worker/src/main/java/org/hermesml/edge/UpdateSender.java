package org.hermesml.edge;

import java.util.Arrays;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.hermesml.core.message.UpdateForm;
import org.hermesml.core.message.UpdateId;
import org.hermesml.core.message.ValueType;
import org.hermesml.core.wire.Slicing;
import org.hermesml.core.wire.Topics;
import org.hermesml.edge.kafka.RecordSender;

/** Sends one update of a run as slices. One thread at a time. */
public final class UpdateSender {
    private final RecordSender sender;
    private final String topic;
    private final String run;
    private final Slicing slicing;

    public UpdateSender(RecordSender sender, Topics topics, String run, Slicing slicing) {
        this.sender = sender;
        this.topic = topics.updates();
        this.run = run;
        this.slicing = slicing;
    }

    public int sliceCount() {
        return slicing.sliceCount();
    }

    /**
     * Returns once every slice is acknowledged.
     *
     * @param values {@code [parameterCount]}, in the given form
     * @return bytes of the records
     */
    public long send(UpdateId id, UpdateForm form, float[] values, ValueType type) {
        long[] bytes = new long[slicing.sliceCount()];
        sender.send(
                slicing.sliceCount(),
                i -> {
                    ProducerRecord<byte[], byte[]> record =
                            RecordSender.record(
                                    topic,
                                    Topics.workerKey(run, id.getWorker()),
                                    slicing.record(
                                            slicing.slices().get(i), run, id, form, values, type));
                    bytes[i] = RecordSender.bytes(record);
                    return record;
                });
        return Arrays.stream(bytes).sum();
    }
}
