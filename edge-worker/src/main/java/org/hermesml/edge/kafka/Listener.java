package org.hermesml.edge.kafka;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A thread that hands each record of the topics it follows to one receiver, until closed. */
public final class Listener implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Listener.class);

    private final TopicFollower follower;
    private final Consumer<ConsumerRecord<byte[], byte[]>> receiver;
    private final Thread thread;
    private final CountDownLatch closed = new CountDownLatch(1);

    /**
     * @param follower positioned; belongs to this listener from now on
     * @param receiver called on the listener's thread
     */
    public Listener(
            String name,
            TopicFollower follower,
            Consumer<ConsumerRecord<byte[], byte[]>> receiver) {
        this.follower = follower;
        this.receiver = receiver;
        this.thread = new Thread(this::listen, name);
        thread.setDaemon(true);
        thread.start();
    }

    private void listen() {
        try (follower) {
            while (closed.getCount() > 0) {
                poll();
            }
        } catch (WakeupException e) {
            LOG.debug("Closed");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Whoever waits for what is listened for would wait for ever if one fault of the broker or the
     * network ended the listening.
     */
    private void poll() throws InterruptedException {
        ConsumerRecords<byte[], byte[]> records;
        try {
            records = follower.poll(Duration.ofSeconds(1));
        } catch (WakeupException | InterruptException e) {
            throw e;
        } catch (KafkaException e) {
            LOG.warn("{}: {}; listening again", thread.getName(), e.getMessage());
            closed.await(1, TimeUnit.SECONDS);
            return;
        }
        records.forEach(this::receive);
    }

    /** One bad record must not end the listening. */
    private void receive(ConsumerRecord<byte[], byte[]> record) {
        try {
            receiver.accept(record);
        } catch (RuntimeException e) {
            LOG.warn(
                    "Record {} of topic {} is ignored: {}",
                    record.offset(),
                    record.topic(),
                    e.getMessage());
        }
    }

    @Override
    public void close() {
        closed.countDown();
        follower.wakeup();
        try {
            thread.join(2000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
