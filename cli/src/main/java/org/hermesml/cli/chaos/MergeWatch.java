package org.hermesml.cli.chaos;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.hermesml.cli.replay.RunLog;
import org.hermesml.cli.run.KafkaSite;
import org.hermesml.core.log.LogBook;
import org.hermesml.core.log.VerdictLog;
import org.hermesml.core.state.NumberedVerdict;

/**
 * Follows the verdict log of one run on a thread of its own and tells when versions are made,
 * through whatever happens to the broker. Any thread may call.
 */
final class MergeWatch implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(50);

    /**
     * A merge.
     *
     * @param life of the server that decided it
     * @param seenNanos when it was seen here
     */
    record Merge(long version, long life, long seenNanos) {}

    private final KafkaSite site;
    private final String run;
    private final Thread thread = new Thread(this::follow, "merge-watch");
    private final LogBook log = new LogBook(VerdictLog.EMPTY);
    private Merge newest = new Merge(-1, 0, System.nanoTime());
    private boolean closed;

    MergeWatch(KafkaSite site, String run) {
        this.site = site;
        this.run = run;
        thread.setDaemon(true);
        thread.start();
    }

    synchronized Merge newest() {
        return newest;
    }

    /**
     * The newest merge once one fits; empty when none did in time, or this was closed.
     *
     * @throws InterruptedException when the caller was interrupted
     */
    synchronized Optional<Merge> await(Predicate<Merge> fits, Duration most)
            throws InterruptedException {
        long end = System.nanoTime() + most.toNanos();
        while (!fits.test(newest)) {
            long leftMs = (end - System.nanoTime()) / 1_000_000;
            if (leftMs <= 0 || closed) {
                return Optional.empty();
            }
            wait(leftMs);
        }
        return Optional.of(newest);
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    private void follow() {
        try (KafkaConsumer<byte[], byte[]> consumer = site.consumer()) {
            List<TopicPartition> partitions = site.partitions(consumer, site.topics().verdicts());
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            while (!isClosed()) {
                try {
                    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                        take(record);
                    }
                } catch (KafkaException away) {
                    // The broker is one of those that are killed; the next poll asks again.
                }
            }
        }
    }

    private synchronized void take(ConsumerRecord<byte[], byte[]> record) {
        RunLog.verdict(record)
                .filter(verdict -> verdict.getRun().equals(run))
                .map(log::read)
                .filter(NumberedVerdict::getNewVersion)
                .ifPresent(
                        entry -> {
                            long life = log.head().getLife();
                            newest = new Merge(entry.getVersion(), life, System.nanoTime());
                            notifyAll();
                        });
    }
}
