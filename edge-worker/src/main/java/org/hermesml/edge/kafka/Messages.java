package org.hermesml.edge.kafka;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import java.util.function.ToIntFunction;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.hermesml.core.Protocol;
import org.hermesml.edge.RunFault;

/** Reads the message in a record, refusing what a newer release wrote. */
public final class Messages {
    /**
     * @param protocol the message's protocol version
     * @throws RunFault when the record is no such message, or of a version that is not known here
     */
    public static <M extends MessageLite> M read(
            ConsumerRecord<byte[], byte[]> record, Parser<M> parser, ToIntFunction<M> protocol) {
        if (record.value() == null) {
            throw new RunFault(place(record) + " is empty; a message was expected.");
        }
        try {
            M message = parser.parseFrom(record.value());
            String fault = Protocol.fault(protocol.applyAsInt(message));
            if (!fault.isEmpty()) {
                throw new RunFault(place(record) + ": " + fault + ".");
            }
            return message;
        } catch (InvalidProtocolBufferException e) {
            throw new RunFault(place(record) + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static String place(ConsumerRecord<byte[], byte[]> record) {
        return "Record " + record.offset() + " of topic " + record.topic();
    }

    private Messages() {}
}
