package org.hermesml.cli.run;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/** Reads the records of one run as they come. Not safe for use by several threads. */
public final class RunReader implements AutoCloseable {
    /** Clocks of the writers may differ by this much. */
    private static final long CLOCK_SLACK_MS = 300_000;

    private final KafkaSite site;
    private final RunTopics topics;
    private final KafkaConsumer<byte[], byte[]> consumer;

    /**
     * @param sinceMs when the run began, epoch milliseconds; 0 reads from the beginning of all
     *     topics
     * @throws org.hermesml.core.InputException when no broker answers or a topic is missing
     */
    public RunReader(KafkaSite site, String run, long sinceMs) {
        this.site = site;
        this.topics = new RunTopics(site.topics(), run);
        this.consumer = site.consumer();
        try {
            List<TopicPartition> all = new ArrayList<>();
            for (String topic : topics.names()) {
                all.addAll(site.partitions(consumer, topic));
            }
            consumer.assign(all);
            consumer.seekToBeginning(all);
            if (sinceMs > CLOCK_SLACK_MS) {
                seek(all, sinceMs - CLOCK_SLACK_MS, site.topics().runs());
            }
        } catch (KafkaException e) {
            consumer.close();
            throw site.unreachable(e);
        } catch (RuntimeException e) {
            consumer.close();
            throw e;
        }
    }

    private void seek(List<TopicPartition> all, long sinceMs, String runsTopic) {
        Map<TopicPartition, Long> wanted = new HashMap<>();
        // the run's own record is compacted and may be as old as it likes
        all.stream().filter(p -> !p.topic().equals(runsTopic)).forEach(p -> wanted.put(p, sinceMs));
        Map<TopicPartition, OffsetAndTimestamp> found = consumer.offsetsForTimes(wanted);
        found.forEach(
                (partition, at) -> {
                    if (at != null) {
                        consumer.seek(partition, at.offset());
                    }
                });
    }

    /**
     * What has come, in order of writing as far as it came together; empty after {@code patience}
     * without any.
     */
    public List<Seen> poll(Duration patience) {
        List<Seen> seen = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(patience)) {
            topics.read(record).ifPresent(seen::add);
        }
        seen.sort(Comparator.comparingLong(Seen::timeMs));
        return seen;
    }

    /** Everything up to now, in order of writing over all topics. */
    public List<Seen> readToEnd() {
        try {
            Map<TopicPartition, Long> ends = consumer.endOffsets(consumer.assignment());
            List<Seen> seen = new ArrayList<>();
            while (ends.entrySet().stream()
                    .anyMatch(e -> consumer.position(e.getKey()) < e.getValue())) {
                seen.addAll(poll(Duration.ofMillis(200)));
            }
            seen.sort(Comparator.comparingLong(Seen::timeMs));
            return seen;
        } catch (KafkaException e) {
            throw site.unreachable(e);
        }
    }

    @Override
    public void close() {
        consumer.close();
    }
}
