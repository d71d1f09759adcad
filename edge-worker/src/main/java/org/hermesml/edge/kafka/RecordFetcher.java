package org.hermesml.edge.kafka;

import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthorizationException;
import org.hermesml.core.message.RecordAddress;
import org.hermesml.edge.BrokerSilent;
import org.hermesml.edge.RunFault;
import org.hermesml.edge.StopSignal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads exactly the records it is told of, by address. One thread at a time. */
public final class RecordFetcher implements AutoCloseable {
    /** The patience of a worker, which outlives its broker's restarts. */
    public static final Duration FOREVER = Duration.ofDays(3650);

    private static final Logger LOG = LoggerFactory.getLogger(RecordFetcher.class);
    private static final Duration POLL = Duration.ofMillis(200);

    /** Answers without a record come to less than this in one poll. */
    private static final long LOOKING_BYTES = 1_000;

    private static final long SAY_NS = 10_000_000_000L;

    private final Consumer<byte[], byte[]> consumer;
    private final StopSignal stop;
    private final Duration patience;
    private TopicPartition assigned;
    private long position = -1;

    /**
     * @param patience how long to wait while nothing of a record arrives; a device has all the time
     *     that its broker needs
     */
    public RecordFetcher(Connection connection, StopSignal stop, Duration patience) {
        this(connection.exactReader(), stop, patience);
    }

    RecordFetcher(Consumer<byte[], byte[]> consumer, StopSignal stop, Duration patience) {
        this.consumer = consumer;
        this.stop = stop;
        this.patience = patience;
    }

    /** Takes the records in the order of their addresses. */
    public interface Visitor {
        void visit(int index, ConsumerRecord<byte[], byte[]> record);
    }

    /** Grows while anything arrives, also within a record. Any thread. */
    public long movedBytes() {
        return MovedBytes.received(consumer.metrics());
    }

    /** Key and value bytes. */
    public static long bytes(ConsumerRecord<byte[], byte[]> record) {
        return (record.key() == null ? 0 : record.key().length)
                + (record.value() == null ? 0 : (long) record.value().length);
    }

    /**
     * @throws RunFault when a record is gone
     * @throws BrokerSilent when a record does not come within the patience
     */
    public void fetch(String topic, List<RecordAddress> addresses, Visitor visitor) {
        for (int i = 0; i < addresses.size(); i++) {
            visitor.visit(i, fetch(topic, addresses.get(i)));
        }
    }

    public ConsumerRecord<byte[], byte[]> fetch(String topic, RecordAddress address) {
        seek(new TopicPartition(topic, address.getPartition()), address.getOffset());
        long moved = movedBytes();
        long movedNs = System.nanoTime();
        long saidMoved = moved;
        long saidNs = movedNs;
        while (true) {
            stop.check();
            for (ConsumerRecord<byte[], byte[]> record : poll(topic, address)) {
                if (record.offset() == address.getOffset()) {
                    position = record.offset() + 1;
                    return record;
                }
                if (record.offset() > address.getOffset()) {
                    throw gone(topic, address, null);
                }
            }
            long now = System.nanoTime();
            long movedBefore = moved;
            moved = movedBytes();
            if (moved - movedBefore > LOOKING_BYTES) {
                movedNs = now;
            }
            if (now - movedNs > patience.toNanos()) {
                throw new BrokerSilent(
                        "Of record "
                                + address.getOffset()
                                + " of topic "
                                + topic
                                + " nothing came within "
                                + patience.toSeconds()
                                + " s; check the broker, and that the run has not been deleted.");
            }
            if (now - saidNs > SAY_NS) {
                sayWaiting(topic, address, moved - saidMoved, now - movedNs < SAY_NS);
                saidNs = now;
                saidMoved = moved;
            }
        }
    }

    private static void sayWaiting(
            String topic, RecordAddress address, long moved, boolean arrives) {
        if (arrives) {
            LOG.info(
                    "Record {} of topic {} is on its way: {} KB in the last {} s",
                    address.getOffset(),
                    topic,
                    moved >> 10,
                    SAY_NS / 1_000_000_000);
        } else {
            LOG.warn(
                    "Still waiting for record {} of topic {}; is the broker there?",
                    address.getOffset(),
                    topic);
        }
    }

    private void seek(TopicPartition wanted, long offset) {
        if (!wanted.equals(assigned)) {
            consumer.assign(List.of(wanted));
            assigned = wanted;
            position = -1;
        }
        if (position != offset) {
            consumer.seek(wanted, offset);
            position = -1;
        }
    }

    private Iterable<ConsumerRecord<byte[], byte[]>> poll(String topic, RecordAddress address) {
        try {
            return consumer.poll(POLL);
        } catch (OffsetOutOfRangeException e) {
            throw gone(topic, address, e);
        } catch (AuthorizationException e) {
            throw new RunFault(
                    "The broker does not let this process read topic "
                            + topic
                            + "; grant it the right to (kafka-acls --add --allow-principal User:NAME"
                            + " --operation Read --topic "
                            + topic
                            + ").",
                    e);
        }
    }

    private static RunFault gone(String topic, RecordAddress address, Exception e) {
        return new RunFault(
                "Record "
                        + address.getOffset()
                        + " of topic "
                        + topic
                        + " is no longer there; topics of a run must be kept without time limit until the run is deleted.",
                e);
    }

    @Override
    public void close() {
        consumer.close();
    }
}
