package org.hermesml.cli.run;

import com.google.protobuf.InvalidProtocolBufferException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Utils;
import org.hermesml.core.InputException;
import org.hermesml.core.wire.Topics;

/** Where the broker is and how the topics there are called. */
public record KafkaSite(String bootstrap, Topics topics) {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** With a broker that is there and short of processor time. */
    private static final Duration LONG_PATIENCE = Duration.ofSeconds(30);

    private static final Duration POLL = Duration.ofMillis(200);

    /** A consumer without a group: positions are given to it. The caller closes it. */
    public KafkaConsumer<byte[], byte[]> consumer() {
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

    /** A producer whose records are acknowledged by all replicas. The caller closes it. */
    public KafkaProducer<byte[], byte[]> producer() {
        return new KafkaProducer<>(
                Map.of(
                        ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                        bootstrap,
                        ProducerConfig.ACKS_CONFIG,
                        "all"),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    /**
     * @throws InputException when no broker answers or the topic is missing
     */
    public List<TopicPartition> partitions(KafkaConsumer<?, ?> consumer, String topic) {
        List<PartitionInfo> found;
        try {
            found = ask(consumer, topic);
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

    private List<PartitionInfo> ask(KafkaConsumer<?, ?> consumer, String topic) {
        try {
            return consumer.partitionsFor(topic, PATIENCE);
        } catch (TimeoutException e) {
            if (!somebodyListens()) {
                throw e;
            }
            return consumer.partitionsFor(topic, LONG_PATIENCE);
        }
    }

    private boolean somebodyListens() {
        for (String address : bootstrap.strip().split("\\s*,\\s*")) {
            try (Socket socket = new Socket()) {
                socket.connect(
                        new InetSocketAddress(Utils.getHost(address), Utils.getPort(address)),
                        (int) PATIENCE.toMillis());
                return true;
            } catch (IOException e) {
                // not this one
            }
        }
        return false;
    }

    /** Takes the records of a topic. */
    @FunctionalInterface
    public interface Taker {
        void take(ConsumerRecord<byte[], byte[]> record) throws InvalidProtocolBufferException;
    }

    /**
     * Gives every record that the topic holds now to {@code taker}, each partition in its order;
     * deletions are left out.
     *
     * @throws InputException when no broker answers, the topic is missing, or {@code taker} finds a
     *     record that is none of Hermes
     */
    public void readToEnd(String topic, Taker taker) {
        readAll(
                topic,
                record -> {
                    if (record.value() != null) {
                        taker.take(record);
                    }
                });
    }

    /** As {@link #readToEnd}, with deletions: records without a value. */
    void readAll(String topic, Taker taker) {
        try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
            List<TopicPartition> partitions = partitions(consumer, topic);
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (ends.entrySet().stream()
                    .anyMatch(e -> consumer.position(e.getKey()) < e.getValue())) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    taker.take(record);
                }
            }
        } catch (InvalidProtocolBufferException e) {
            throw new InputException(
                    "Topic "
                            + topic
                            + " at "
                            + bootstrap
                            + " holds a record that is none of Hermes; is the topic prefix right?",
                    e);
        } catch (KafkaException e) {
            throw unreachable(e);
        }
    }

    public InputException unreachable(KafkaException cause) {
        return new InputException(
                "No Kafka broker answers at "
                        + bootstrap
                        + ", start one with ./hermes broker or name another with --bootstrap.",
                cause);
    }
}
