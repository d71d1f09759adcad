package org.hermesml.edge.kafka;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RetriableException;
import org.hermesml.core.message.RecordAddress;
import org.hermesml.core.wire.Topics;
import org.hermesml.edge.StopSignal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends records and awaits their acknowledgement. One thread at a time. */
public final class RecordSender implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RecordSender.class);

    /** Records on their way at once: enough to fill a link, few enough for a small heap. */
    private static final int IN_FLIGHT = 8;

    /** More than this is not on its way at once, or the last of it would come too late. */
    private static final long IN_FLIGHT_BYTES = 2L * Topics.MAX_RECORD_BYTES;

    private static final Duration REPEATED_WITHIN = Duration.ofSeconds(30);

    private final Supplier<Producer<byte[], byte[]>> producers;
    private final StopSignal stop;
    private final boolean persistent;
    private volatile Producer<byte[], byte[]> producer;

    /** By the producers before this one. */
    private volatile long movedBefore;

    private String saidLast = "";
    private long saidNs;

    private record Sent(
            int index,
            ProducerRecord<byte[], byte[]> record,
            Producer<byte[], byte[]> by,
            Future<RecordMetadata> acknowledgement) {}

    /** For what gives up on a record that the broker does not take in time: a command. */
    public RecordSender(Producer<byte[], byte[]> producer) {
        this(() -> producer, new StopSignal(), false);
    }

    /**
     * For a device, which outlives its broker's restarts: what the broker does not take in time is
     * sent again until {@code stop}.
     *
     * @param producers asked for another one when one is broken for good
     */
    public RecordSender(Supplier<Producer<byte[], byte[]>> producers, StopSignal stop) {
        this(producers, stop, true);
    }

    private RecordSender(
            Supplier<Producer<byte[], byte[]>> producers, StopSignal stop, boolean persistent) {
        this.producers = producers;
        this.producer = producers.get();
        this.stop = stop;
        this.persistent = persistent;
    }

    /** Grows while anything leaves, also within a record. Any thread. */
    public long movedBytes() {
        return movedBefore + MovedBytes.sent(producer.metrics());
    }

    public static ProducerRecord<byte[], byte[]> record(
            String topic, String key, com.google.protobuf.MessageLite value) {
        return new ProducerRecord<>(
                topic, key.getBytes(StandardCharsets.UTF_8), value.toByteArray());
    }

    /** Key and value bytes. */
    public static long bytes(ProducerRecord<byte[], byte[]> record) {
        return record.key().length + (long) record.value().length;
    }

    /** Sends one record; returns where it lies once it is acknowledged. */
    public RecordAddress send(ProducerRecord<byte[], byte[]> record) {
        return send(1, i -> record).get(0);
    }

    /**
     * Sends {@code count} records in order, each made when its turn comes; returns where they lie
     * once all are acknowledged.
     *
     * @param record may be asked more than once for a number, when a record has to be sent again
     * @throws org.hermesml.core.InputException when the broker refuses a record
     */
    public List<RecordAddress> send(int count, IntFunction<ProducerRecord<byte[], byte[]>> record) {
        List<RecordAddress> addresses = new ArrayList<>(Collections.nCopies(count, null));
        Deque<Sent> open = new ArrayDeque<>();
        int next = 0;
        while (next < count || !open.isEmpty()) {
            stop.check();
            while (next < count && open.size() < IN_FLIGHT && bytes(open) < IN_FLIGHT_BYTES) {
                open.add(start(next, record.apply(next)));
                next++;
            }
            Sent oldest = open.remove();
            RecordAddress address = await(oldest);
            if (address == null) {
                // From where it broke: what is acknowledged is not sent again.
                open.add(start(oldest.index, record.apply(oldest.index)));
            } else {
                addresses.set(oldest.index, address);
            }
        }
        return addresses;
    }

    private static long bytes(Deque<Sent> open) {
        return open.stream().mapToLong(sent -> bytes(sent.record)).sum();
    }

    /** Sends one record, which may get lost, and waits a second at most. */
    public void attempt(ProducerRecord<byte[], byte[]> record) {
        try {
            producer.send(record).get(1, TimeUnit.SECONDS);
        } catch (ExecutionException | java.util.concurrent.TimeoutException | KafkaException e) {
            LOG.debug("Not delivered", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Sent start(int index, ProducerRecord<byte[], byte[]> record) {
        try {
            return handOver(index, record);
        } catch (KafkaException | IllegalStateException e) {
            // What is wrong with a record is said later: what is said at once is the producer's.
            if (!persistent) {
                throw Faults.ofSending(record, e);
            }
            renew(e);
        }
        try {
            return handOver(index, record);
        } catch (KafkaException | IllegalStateException e) {
            throw Faults.ofSending(record, e);
        }
    }

    private Sent handOver(int index, ProducerRecord<byte[], byte[]> record) {
        try {
            return new Sent(index, record, producer, producer.send(record));
        } catch (InterruptException e) {
            throw new StopSignal.Stopped();
        }
    }

    /** Null when the record has to be sent again. */
    private RecordAddress await(Sent sent) {
        try {
            RecordMetadata acknowledged = sent.acknowledgement.get();
            return RecordAddress.newBuilder()
                    .setPartition(acknowledged.partition())
                    .setOffset(acknowledged.offset())
                    .build();
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            if (persistent && cause instanceof RetriableException) {
                sayOnce(Faults.ofWaiting(sent.record.topic(), cause));
                return null;
            }
            if (persistent && sent.by != producer) {
                // What a producer had on its way fails with it, whatever it says.
                return null;
            }
            if (persistent && Faults.isOfProducer(cause)) {
                renew(cause);
                return null;
            }
            throw Faults.ofSending(sent.record, cause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StopSignal.Stopped();
        }
    }

    /** A producer that has lost its place among its own records never sends again. */
    private void renew(Throwable cause) {
        LOG.warn("Connecting to the broker anew: {}", cause.getMessage());
        long moved = movedBytes();
        producer.close(Duration.ZERO);
        producer = producers.get();
        movedBefore = moved;
    }

    /** One line for all records that wait for the same, now and then. */
    private void sayOnce(String sentence) {
        long now = System.nanoTime();
        if (!sentence.equals(saidLast) || now - saidNs > REPEATED_WITHIN.toNanos()) {
            LOG.warn("{}", sentence);
            saidLast = sentence;
            saidNs = now;
        }
    }

    @Override
    public void close() {
        // All that matters has been acknowledged by now.
        producer.close(Duration.ZERO);
    }
}
