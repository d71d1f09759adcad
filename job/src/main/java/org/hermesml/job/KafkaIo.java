package org.hermesml.job;

import com.google.protobuf.MessageLite;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.hermesml.core.state.ReceivedRecord;
import org.hermesml.operators.ProtobufType;

/** The job's sources and sinks. */
final class KafkaIo {
    private final String bootstrap;

    KafkaIo(String bootstrap) {
        this.bootstrap = bootstrap;
    }

    /**
     * Reads {@code topic} from its beginning, or from where a restored checkpoint says. Offsets
     * live in checkpoints alone, so no consumer group is needed.
     */
    KafkaSource<ReceivedRecord> source(String topic) {
        return KafkaSource.<ReceivedRecord>builder()
                .setBootstrapServers(bootstrap)
                .setTopics(topic)
                .setStartingOffsets(OffsetsInitializer.earliest())
                .setDeserializer(new AsReceived())
                .setProperty("commit.offsets.on.checkpoint", "false")
                .setProperty("partition.discovery.interval.ms", "-1")
                .build();
    }

    /**
     * At least once, so that a record is there at once and not at the next checkpoint: every record
     * written is versioned or deduplicated by its reader.
     */
    <T extends MessageLite> KafkaSink<T> sink(Naming<T> topic, Naming<T> key) {
        KafkaRecordSerializationSchema<T> serialization =
                (message, context, timestamp) ->
                        new ProducerRecord<>(
                                topic.apply(message),
                                key.apply(message).getBytes(StandardCharsets.UTF_8),
                                message.toByteArray());
        return KafkaSink.<T>builder()
                .setBootstrapServers(bootstrap)
                .setDeliveryGuarantee(DeliveryGuarantee.AT_LEAST_ONCE)
                .setProperty("linger.ms", "0")
                .setRecordSerializer(serialization)
                .build();
    }

    /** Names a topic or key after a message. */
    @FunctionalInterface
    interface Naming<T> extends Function<T, String>, Serializable {}

    private static final class AsReceived
            implements KafkaRecordDeserializationSchema<ReceivedRecord> {
        private static final long serialVersionUID = 1;

        @Override
        public void deserialize(
                ConsumerRecord<byte[], byte[]> record, Collector<ReceivedRecord> out) {
            out.collect(ReceivedRecords.of(record));
        }

        @Override
        public TypeInformation<ReceivedRecord> getProducedType() {
            return ProtobufType.message(ReceivedRecord.class);
        }
    }
}
