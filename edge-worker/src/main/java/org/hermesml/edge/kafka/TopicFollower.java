package org.hermesml.edge.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.hermesml.edge.BrokerSilent;
import org.hermesml.edge.RunFault;

/**
 * Follows topics that come and go, each from a chosen position, without a consumer group. One
 * thread at a time.
 */
public final class TopicFollower implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Consumer<byte[], byte[]> consumer;

    public TopicFollower(Connection connection) {
        this(connection.follower());
    }

    TopicFollower(Consumer<byte[], byte[]> consumer) {
        this.consumer = consumer;
    }

    public void addFromBeginning(String topic) {
        List<TopicPartition> added = assign(topic);
        consumer.seekToBeginning(added);
    }

    /** Only what is written from now on. The position is fixed when this returns. */
    public void addFromEnd(String topic) {
        List<TopicPartition> added = assign(topic);
        endOffsets(added).forEach(consumer::seek);
    }

    /** From the first record written at {@code epochMs} or later. */
    public void addFromTime(String topic, long epochMs) {
        List<TopicPartition> added = assign(topic);
        Map<TopicPartition, Long> times = new HashMap<>();
        added.forEach(p -> times.put(p, epochMs));
        Map<TopicPartition, Long> ends = endOffsets(added);
        for (Map.Entry<TopicPartition, OffsetAndTimestamp> found :
                ask(topic, () -> consumer.offsetsForTimes(times, PATIENCE)).entrySet()) {
            long offset =
                    found.getValue() == null ? ends.get(found.getKey()) : found.getValue().offset();
            consumer.seek(found.getKey(), offset);
        }
    }

    public void remove(String topic) {
        List<TopicPartition> kept = new ArrayList<>(consumer.assignment());
        kept.removeIf(p -> p.topic().equals(topic));
        consumer.assign(kept);
    }

    /** At once without a record while no topic is followed. */
    public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
        if (consumer.assignment().isEmpty()) {
            return ConsumerRecords.empty();
        }
        return consumer.poll(timeout);
    }

    /** All that the topics followed hold at this moment, then returns. */
    public void readToEnd(java.util.function.Consumer<ConsumerRecord<byte[], byte[]>> each) {
        Map<TopicPartition, Long> ends = endOffsets(new ArrayList<>(consumer.assignment()));
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (ends.entrySet().stream().anyMatch(e -> position(e.getKey()) < e.getValue())) {
            ConsumerRecords<byte[], byte[]> records = consumer.poll(Duration.ofMillis(200));
            records.forEach(each);
            if (!records.isEmpty()) {
                deadline = System.nanoTime() + PATIENCE.toNanos();
            } else if (System.nanoTime() > deadline) {
                throw silent(ends.keySet().iterator().next().topic(), null);
            }
        }
    }

    /** Ends a {@link #poll} that another thread is waiting in. The only method for any thread. */
    public void wakeup() {
        consumer.wakeup();
    }

    private Map<TopicPartition, Long> endOffsets(List<TopicPartition> partitions) {
        return ask(partitions.get(0).topic(), () -> consumer.endOffsets(partitions, PATIENCE));
    }

    private long position(TopicPartition partition) {
        return ask(partition.topic(), () -> consumer.position(partition, PATIENCE));
    }

    private static <T> T ask(String topic, Supplier<T> question) {
        try {
            return question.get();
        } catch (TimeoutException e) {
            throw silent(topic, e);
        } catch (KafkaException e) {
            throw new RunFault("Topic " + topic + " cannot be read: " + e.getMessage() + ".", e);
        }
    }

    private static BrokerSilent silent(String topic, Exception e) {
        return new BrokerSilent(
                "No broker answers for topic "
                        + topic
                        + " within "
                        + PATIENCE.toSeconds()
                        + " s; check the broker.",
                e);
    }

    private List<TopicPartition> assign(String topic) {
        List<TopicPartition> added = new ArrayList<>();
        for (PartitionInfo info : partitions(topic)) {
            added.add(new TopicPartition(topic, info.partition()));
        }
        List<TopicPartition> all = new ArrayList<>(consumer.assignment());
        all.addAll(added);
        consumer.assign(all);
        return added;
    }

    private List<PartitionInfo> partitions(String topic) {
        List<PartitionInfo> found = ask(topic, () -> consumer.partitionsFor(topic, PATIENCE));
        if (found == null || found.isEmpty()) {
            throw new RunFault(
                    "Topic "
                            + topic
                            + " does not exist; the run has been deleted, or --topic-prefix is another.");
        }
        return found;
    }

    @Override
    public void close() {
        consumer.close();
    }
}
