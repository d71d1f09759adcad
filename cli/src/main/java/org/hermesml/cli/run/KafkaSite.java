package org.hermesml.cli.run;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.hermesml.core.InputException;
import org.hermesml.core.wire.Topics;

/** Where the broker is and how the topics there are called. */
public record KafkaSite(String bootstrap, Topics topics) {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** A consumer without a group: positions are given to it. The caller closes it. */
    KafkaConsumer<byte[], byte[]> consumer() {
        try {
            return new KafkaConsumer<>(
                    Map.of(
                            ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                            bootstrap,
                            ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                            false,
                            ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
                            false,
                            ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                            "earliest"),
                    new ByteArrayDeserializer(),
                    new ByteArrayDeserializer());
        } catch (KafkaException e) {
            throw new InputException(
                    "'"
                            + bootstrap
                            + "' is no address of a Kafka broker; write HOST:PORT, such as localhost:9092.",
                    e);
        }
    }

    /**
     * @throws InputException when no broker answers or the topic is missing
     */
    List<TopicPartition> partitions(KafkaConsumer<?, ?> consumer, String topic) {
        List<PartitionInfo> found;
        try {
            found = consumer.partitionsFor(topic, PATIENCE);
        } catch (KafkaException e) {
            throw unreachable(e);
        }
        if (found == null || found.isEmpty()) {
            throw new InputException(
                    "Topic "
                            + topic
                            + " is missing at "
                            + bootstrap
                            + "; the topics of an installation are made by ./hermes submit, those of a run by ./hermes start.");
        }
        return found.stream().map(p -> new TopicPartition(topic, p.partition())).toList();
    }

    InputException unreachable(KafkaException cause) {
        return new InputException(
                "No Kafka broker answers at "
                        + bootstrap
                        + ", start one with ./hermes broker or name another with --bootstrap.",
                cause);
    }
}
