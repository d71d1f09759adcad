package org.hermesml.job;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.hermesml.core.message.RecordAddress;
import org.hermesml.core.state.ReceivedRecord;

/** Records of a topic as the job's readers take them. */
public final class ReceivedRecords {
    /**
     * @param record its bytes are not copied, and must not be changed afterwards
     */
    public static ReceivedRecord of(ConsumerRecord<byte[], byte[]> record) {
        return ReceivedRecord.newBuilder()
                .setTopic(record.topic())
                .setAddress(
                        RecordAddress.newBuilder()
                                .setPartition(record.partition())
                                .setOffset(record.offset()))
                .setKey(bytes(record.key()))
                .setValue(bytes(record.value()))
                .setNoValue(record.value() == null)
                .build();
    }

    private static ByteString bytes(byte[] bytes) {
        return bytes == null ? ByteString.EMPTY : UnsafeByteOperations.unsafeWrap(bytes);
    }

    private ReceivedRecords() {}
}
