package org.hermesml.cli.local;

import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.hermesml.core.InputException;
import org.hermesml.core.wire.Topics;

/** Makes and removes topics. One thread. */
public final class TopicAdmin implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** Of a broker that has answered. */
    private static final Duration DONE_WITHIN = Duration.ofSeconds(30);

    private final Admin admin;
    private final String bootstrap;

    private TopicAdmin(Admin admin, String bootstrap) {
        this.admin = admin;
        this.bootstrap = bootstrap;
    }

    /**
     * Returns once a broker has answered.
     *
     * @throws InputException when none answers within 10 s
     */
    public static TopicAdmin connect(String bootstrap) {
        return connect(bootstrap, PATIENCE);
    }

    static TopicAdmin connect(String bootstrap, Duration patience) {
        int timeoutMs = Math.toIntExact(patience.toMillis());
        Admin admin;
        try {
            admin =
                    Admin.create(
                            Map.of(
                                    AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap,
                                    AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, timeoutMs,
                                    AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, timeoutMs));
        } catch (KafkaException e) {
            throw new InputException(
                    "'"
                            + bootstrap
                            + "' is no address of a Kafka broker ("
                            + cause(e)
                            + "); write HOST:PORT, such as localhost:9092.",
                    e);
        }
        try {
            admin.describeCluster().nodes().get(patience.toMillis() + 1000, TimeUnit.MILLISECONDS);
            return new TopicAdmin(admin, bootstrap);
        } catch (ExecutionException | TimeoutException e) {
            admin.close(Duration.ZERO);
            throw new InputException(
                    "No Kafka broker answers at "
                            + bootstrap
                            + "; start one with ./hermes broker or name another with --bootstrap.",
                    e);
        } catch (InterruptedException e) {
            admin.close(Duration.ZERO);
            throw interrupted();
        }
    }

    /**
     * Makes the topics that are not there yet and returns when all are.
     *
     * @throws InputException when one is there with another number of partitions, or the broker
     *     refuses
     */
    public void create(Collection<Topics.Topic> topics) {
        for (Topics.Topic topic : topics) {
            NewTopic wanted =
                    new NewTopic(topic.name(), topic.partitions(), (short) -1)
                            .configs(topic.config());
            try {
                get(admin.createTopics(List.of(wanted)).all());
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof TopicExistsException)) {
                    throw refused("make topic " + topic.name(), e);
                }
                requirePartitions(topic);
            }
        }
        List<String> names = topics.stream().map(Topics.Topic::name).toList();
        await("make topics", () -> areVisible(names));
    }

    public void create(Topics.Topic... topics) {
        create(List.of(topics));
    }

    /** Removes the topics that are there and returns when all are gone. */
    public void delete(Collection<String> names) {
        for (String name : names) {
            try {
                get(admin.deleteTopics(List.of(name)).all());
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
                    throw refused("remove topic " + name, e);
                }
            }
        }
        await("remove topics", () -> Collections.disjoint(names(), names));
    }

    /** Removes what lies before these offsets; more of it may stay for a while. */
    public void deleteRecordsBefore(Map<TopicPartition, Long> offsets) {
        Map<TopicPartition, RecordsToDelete> before = new HashMap<>();
        offsets.forEach(
                (partition, offset) -> before.put(partition, RecordsToDelete.beforeOffset(offset)));
        try {
            get(admin.deleteRecords(before).all());
        } catch (ExecutionException e) {
            throw refused("remove records of " + offsets.keySet(), e);
        }
    }

    /** All topics of the broker, its internal ones left out. */
    public Set<String> names() {
        try {
            return get(admin.listTopics().names());
        } catch (ExecutionException e) {
            throw refused("list topics", e);
        }
    }

    @Override
    public void close() {
        admin.close(Duration.ofSeconds(2));
    }

    private void requirePartitions(Topics.Topic topic) {
        try {
            TopicDescription found =
                    get(admin.describeTopics(List.of(topic.name())).allTopicNames())
                            .get(topic.name());
            if (found.partitions().size() != topic.partitions()) {
                throw new InputException(
                        "Topic "
                                + topic.name()
                                + " at "
                                + bootstrap
                                + " has "
                                + found.partitions().size()
                                + " partitions where "
                                + topic.partitions()
                                + " are needed; remove it or choose another prefix with topicPrefix in conf/master.json.");
            }
        } catch (ExecutionException e) {
            throw refused("describe topic " + topic.name(), e);
        }
    }

    private boolean areVisible(List<String> names) {
        try {
            get(admin.describeTopics(names).allTopicNames());
            return true;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return false;
            }
            throw refused("describe topics", e);
        }
    }

    /** A broker answers before its own metadata has caught up; who asks more quickly would fail. */
    private void await(String what, BooleanSupplier done) {
        long end = System.nanoTime() + DONE_WITHIN.toNanos();
        while (!done.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException(
                        "The broker at "
                                + bootstrap
                                + " did not "
                                + what
                                + " within "
                                + DONE_WITHIN.toSeconds()
                                + " s.");
            }
            try {
                TimeUnit.MILLISECONDS.sleep(50);
            } catch (InterruptedException e) {
                throw interrupted();
            }
        }
    }

    private InputException refused(String what, ExecutionException e) {
        return new InputException(
                "The broker at " + bootstrap + " does not let us " + what + ": " + cause(e) + ".",
                e);
    }

    private static <T> T get(KafkaFuture<T> future) throws ExecutionException {
        try {
            return future.get();
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    private static String cause(Throwable e) {
        Throwable root = e;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.getMessage();
    }

    private static IllegalStateException interrupted() {
        Thread.currentThread().interrupt();
        return new IllegalStateException("Interrupted while waiting for the broker.");
    }
}
