package org.hermesml.job;

import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Writes to topics of runs, which people may remove while the job writes. Kafka's own producer
 * takes a topic that is gone for one that is not there yet, blocks, and fails in the end; where
 * that failed the job, it would fail again after each restart. Here what is meant for such a topic
 * is given back, and a broker that does not answer is waited for.
 *
 * <p>{@link #send} is called by one thread; answers come from others.
 */
final class RunTopicProducer implements AutoCloseable {
    private static final int MOST_BLOCKED_MS = 5_000;
    private static final int MOST_DELIVERY_MS = 30_000;
    private static final int MOST_REQUEST_MS = 10_000;
    private static final long LOOK_EVERY_MS = 1_000;
    private static final long LOOK_AFTER_NANOS = Duration.ofSeconds(3).toNanos();
    private static final long RETRY_MS = 500;
    private static final long GIVE_UP_NANOS = Duration.ofMinutes(4).toNanos();

    /** A topic of the same name may be made anew: whether it has been is asked this often. */
    private static final long GONE_NANOS = Duration.ofMinutes(1).toNanos();

    /** Exactly one of these is called, once, for each record. */
    interface Answer {
        void written(RecordMetadata where);

        /** The topic does not exist. */
        void gone();

        void failed(Exception fault);
    }

    /**
     * A producer keeps metrics for each topic that it ever wrote to, as long as it lives. After
     * this many it makes way for a new one.
     */
    static final int MOST_TOPICS = 256;

    private final Properties properties = new Properties();
    private final Admin admin;
    private final ScheduledExecutorService clock =
            Executors.newSingleThreadScheduledExecutor(RunTopicProducer::thread);
    private final Set<Sending> underWay = ConcurrentHashMap.newKeySet();

    /** Since when, on the clock of {@link System#nanoTime}. */
    private final Map<String, Long> gone = new ConcurrentHashMap<>();

    /** That {@link #producer} was given records for. Only the thread that sends uses it. */
    private final Set<String> topics = new HashSet<>();

    private volatile KafkaProducer<byte[], byte[]> producer;

    RunTopicProducer(String bootstrap) {
        properties.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap);
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        properties.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, MOST_BLOCKED_MS);
        properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, MOST_DELIVERY_MS);
        properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, MOST_REQUEST_MS);
        producer = newProducer();
        admin =
                Admin.create(
                        Map.of(
                                AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG,
                                bootstrap,
                                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
                                MOST_BLOCKED_MS,
                                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                                MOST_BLOCKED_MS));
        clock.scheduleWithFixedDelay(
                this::look, LOOK_EVERY_MS, LOOK_EVERY_MS, TimeUnit.MILLISECONDS);
    }

    private KafkaProducer<byte[], byte[]> newProducer() {
        return new KafkaProducer<>(
                properties, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** Blocks for a few seconds at most, where the topic is not known yet. */
    void send(ProducerRecord<byte[], byte[]> record, Answer answer) {
        Long since = gone.get(record.topic());
        if (since != null && System.nanoTime() - since < GONE_NANOS) {
            answer.gone();
            return;
        }
        if (topics.size() >= MOST_TOPICS && isIdle()) {
            producer.close(Duration.ofMillis(MOST_BLOCKED_MS));
            producer = newProducer();
            topics.clear();
        }
        topics.add(record.topic());
        Sending sending = new Sending(record, answer);
        underWay.add(sending);
        attempt(sending);
    }

    /** Whether every record that was sent has its answer. */
    boolean isIdle() {
        return underWay.isEmpty();
    }

    private void attempt(Sending sending) {
        try {
            trySend(sending);
        } catch (KafkaException | IllegalStateException e) {
            sending.end(() -> sending.answer.failed(e));
        }
    }

    private void trySend(Sending sending) {
        producer.send(
                sending.record,
                (where, fault) -> {
                    if (fault == null) {
                        gone.remove(sending.record.topic());
                        sending.end(() -> sending.answer.written(where));
                    } else if (fault instanceof RetriableException
                            && System.nanoTime() - sending.sinceNanos < GIVE_UP_NANOS) {
                        later(sending);
                    } else {
                        sending.end(() -> sending.answer.failed(fault));
                    }
                });
    }

    private void later(Sending sending) {
        try {
            clock.schedule(
                    () -> {
                        if (!sending.ended.get()) {
                            attempt(sending);
                        }
                    },
                    RETRY_MS,
                    TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException closed) {
            // what has no answer now is sent again after the restart
        }
    }

    /** Looks after the topics of records that take long. */
    private void look() {
        long now = System.nanoTime();
        gone.values().removeIf(since -> now - since >= GONE_NANOS);
        underWay.stream()
                .filter(sending -> now - sending.sinceNanos > LOOK_AFTER_NANOS)
                .map(sending -> sending.record.topic())
                .distinct()
                .filter(this::isGone)
                .forEach(
                        topic -> {
                            gone.put(topic, System.nanoTime());
                            underWay.stream()
                                    .filter(sending -> sending.record.topic().equals(topic))
                                    .forEach(sending -> sending.end(sending.answer::gone));
                        });
    }

    private boolean isGone(String topic) {
        try {
            admin.describeTopics(Set.of(topic))
                    .allTopicNames()
                    .get(MOST_BLOCKED_MS, TimeUnit.MILLISECONDS);
            return false;
        } catch (ExecutionException e) {
            return e.getCause() instanceof UnknownTopicOrPartitionException;
        } catch (TimeoutException e) {
            return false; // no broker answers, and so nobody knows
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public void close() {
        clock.shutdownNow();
        // What is not acknowledged by now is in the checkpoint; waiting for a broker that is away
        // would hold up the restart.
        producer.close(Duration.ZERO);
        admin.close(Duration.ZERO);
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "run-topics");
        thread.setDaemon(true);
        return thread;
    }

    private final class Sending {
        private final ProducerRecord<byte[], byte[]> record;
        private final Answer answer;
        private final long sinceNanos = System.nanoTime();
        private final AtomicBoolean ended = new AtomicBoolean();

        Sending(ProducerRecord<byte[], byte[]> record, Answer answer) {
            this.record = record;
            this.answer = answer;
        }

        void end(Runnable how) {
            if (ended.compareAndSet(false, true)) {
                how.run();
                underWay.remove(this);
            }
        }
    }
}
