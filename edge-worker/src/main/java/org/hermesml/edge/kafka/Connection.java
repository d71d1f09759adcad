package org.hermesml.edge.kafka;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.hermesml.core.InputException;
import org.hermesml.core.wire.Topics;

/**
 * Where Kafka is, and which clients this process makes of it: a few producers and consumers with
 * explicit positions, sized for a device with a small heap. No consumer groups: a device's position
 * is its own affair.
 */
public record Connection(String bootstrap, Topics topics) {
    /** Several device processes that start at once on a slow machine need seconds to say hello. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** The slowest link that a device may have, in bits per second. */
    private static final int SLOWEST_LINK = 100_000;

    /**
     * How long one request may take: the largest record needs 84 s on the slowest link, and what
     * the system has buffered before it goes first. A shorter time would cut off a record that
     * travels, and begin it anew for ever.
     */
    private static final int REQUEST_MS =
            (int) (Topics.MAX_RECORD_BYTES * 8L * 1000 / SLOWEST_LINK) + 36_000;

    /** As many records as {@link RecordSender} has on their way at once take this long at most. */
    private static final int DELIVERY_MS = 3 * REQUEST_MS;

    private static final int SIGN_BUFFER_BYTES = 64 << 10;

    /**
     * Checks that a broker answers and has {@code wanted} topics.
     *
     * @throws InputException when not
     */
    public void require(List<String> wanted) {
        Set<String> present;
        try (Consumer<byte[], byte[]> consumer = follower()) {
            present = consumer.listTopics(PATIENCE).keySet();
        } catch (KafkaException e) {
            throw Faults.ofConnection(bootstrap, PATIENCE, e);
        }
        for (String topic : wanted) {
            if (!present.contains(topic)) {
                throw new InputException(
                        "Topic "
                                + topic
                                + " does not exist at "
                                + bootstrap
                                + "; topics with prefix '"
                                + topics.prefix()
                                + "' are created by `hermes submit` and `hermes start`, another prefix is"
                                + " chosen with --topic-prefix.");
            }
        }
    }

    /**
     * For a command. Acknowledged by all in-sync replicas, uncompressed so that bytes counted are
     * bytes sent. What cannot be delivered within half a minute comes back as an error.
     */
    public Producer<byte[], byte[]> producer() {
        return producer(producerConfig());
    }

    /** For a device, whose link may be slow: what travels is given the time that it needs. */
    public Producer<byte[], byte[]> deviceProducer() {
        Map<String, Object> config = producerConfig();
        config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, REQUEST_MS);
        config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, DELIVERY_MS);
        return producer(config);
    }

    /**
     * For small records that must not wait behind large ones: with a connection of its own. What
     * cannot be delivered soon is not worth delivering.
     */
    public Producer<byte[], byte[]> signProducer() {
        Map<String, Object> config = producerConfig();
        config.put(ProducerConfig.BUFFER_MEMORY_CONFIG, SIGN_BUFFER_BYTES);
        return producer(config);
    }

    private Map<String, Object> producerConfig() {
        Map<String, Object> config = new HashMap<>();
        config.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap);
        config.put(ProducerConfig.ACKS_CONFIG, "all");
        config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        config.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        config.put(ProducerConfig.BUFFER_MEMORY_CONFIG, 10L * Topics.MAX_RECORD_BYTES);
        config.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, Topics.MAX_RECORD_BYTES);
        config.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 10_000);
        config.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 10_000);
        config.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 30_000);
        return config;
    }

    private Producer<byte[], byte[]> producer(Map<String, Object> config) {
        try {
            return new KafkaProducer<>(
                    config, new ByteArraySerializer(), new ByteArraySerializer());
        } catch (KafkaException e) {
            throw Faults.ofConnection(bootstrap, PATIENCE, e);
        }
    }

    /**
     * For reading single records by address. One fetch brings one batch, which for records of our
     * sizes is one record, and with one record for each poll the consumer never asks for what comes
     * after it: bytes fetched are bytes wanted.
     */
    Consumer<byte[], byte[]> exactReader() {
        Map<String, Object> config = consumerConfig();
        config.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 1);
        config.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, 1);
        config.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1);
        // The record is known to be there: a fetch that finds nothing must not hold the connection.
        config.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 20);
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        return consumer(config);
    }

    /** For following topics. */
    Consumer<byte[], byte[]> follower() {
        Map<String, Object> config = consumerConfig();
        config.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, Topics.MAX_RECORD_BYTES);
        config.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, 4 * Topics.MAX_RECORD_BYTES);
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        return consumer(config);
    }

    private Map<String, Object> consumerConfig() {
        Map<String, Object> config = new HashMap<>();
        config.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap);
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        config.put(ConsumerConfig.REQUEST_TIMEOUT_MS_CONFIG, REQUEST_MS);
        config.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, REQUEST_MS);
        return config;
    }

    private Consumer<byte[], byte[]> consumer(Map<String, Object> config) {
        try {
            return new KafkaConsumer<>(
                    config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        } catch (KafkaException e) {
            throw Faults.ofConnection(bootstrap, PATIENCE, e);
        }
    }
}
