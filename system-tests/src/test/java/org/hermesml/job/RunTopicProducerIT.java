package org.hermesml.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import javax.management.ObjectName;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.hermesml.cli.local.LocalBroker;
import org.hermesml.cli.local.TopicAdmin;
import org.hermesml.core.wire.Topics;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Of the job, but a broker is needed, and here is one. */
class RunTopicProducerIT {
    private static final int ROUNDS = 2;

    @TempDir Path dir;

    @Test
    void whatItKeepsOfTopicsIsBoundedAndEachRecordIsWrittenOnce() throws Exception {
        List<Topics.Topic> topics =
                IntStream.range(0, RunTopicProducer.MOST_TOPICS + 20)
                        .mapToObj(i -> new Topics.Topic("of-run-" + i, 1, Map.of()))
                        .toList();
        try (LocalBroker broker = LocalBroker.start(dir)) {
            broker.awaitReady();
            try (TopicAdmin admin = TopicAdmin.connect(broker.bootstrap())) {
                admin.create(topics);
            }
            List<Integer> kept = new ArrayList<>();
            try (RunTopicProducer producer = new RunTopicProducer(broker.bootstrap())) {
                for (int round = 0; round < ROUNDS; round++) {
                    for (Topics.Topic topic : topics) {
                        assertEquals(round, write(producer, topic.name()).offset(), topic.name());
                        kept.add(topicsWithMetrics());
                    }
                }
                int most = kept.stream().mapToInt(Integer::intValue).max().orElseThrow();
                assertEquals(RunTopicProducer.MOST_TOPICS, most);
                assertTrue(kept.get(kept.size() - 1) < 2 * 20 + 1, kept::toString);
            }
            assertEquals(0, topicsWithMetrics());
        }
    }

    @Test
    void aTopicThatIsNotThereIsToldOfAndHoldsUpNoOther() throws Exception {
        try (LocalBroker broker = LocalBroker.start(dir)) {
            broker.awaitReady();
            try (TopicAdmin admin = TopicAdmin.connect(broker.bootstrap());
                    RunTopicProducer producer = new RunTopicProducer(broker.bootstrap())) {
                admin.create(new Topics.Topic("of-run-there", 1, Map.of()));
                CompletableFuture<RecordMetadata> absent = send(producer, "of-run-absent");
                assertEquals(0, write(producer, "of-run-there").offset());
                assertTrue(
                        absent.handle((where, gone) -> gone instanceof Gone)
                                .get(1, TimeUnit.MINUTES));
                assertTrue(producer.isIdle());
            }
        }
    }

    private static RecordMetadata write(RunTopicProducer producer, String topic) throws Exception {
        RecordMetadata where = send(producer, topic).get(1, TimeUnit.MINUTES);
        while (!producer.isIdle()) {
            Thread.onSpinWait(); // an answer is given before its record is struck off
        }
        return where;
    }

    private static CompletableFuture<RecordMetadata> send(RunTopicProducer producer, String topic) {
        CompletableFuture<RecordMetadata> answer = new CompletableFuture<>();
        producer.send(
                new ProducerRecord<>(topic, new byte[] {1}, new byte[] {2}),
                new RunTopicProducer.Answer() {
                    @Override
                    public void written(RecordMetadata where) {
                        answer.complete(where);
                    }

                    @Override
                    public void gone() {
                        answer.completeExceptionally(new Gone());
                    }

                    @Override
                    public void failed(Exception fault) {
                        answer.completeExceptionally(fault);
                    }
                });
        return answer;
    }

    /** As Kafka's own metrics in this process tell. */
    private static int topicsWithMetrics() throws Exception {
        return ManagementFactory.getPlatformMBeanServer()
                .queryNames(
                        new ObjectName("kafka.producer:type=producer-topic-metrics,topic=*,*"),
                        null)
                .size();
    }

    private static final class Gone extends Exception {
        private static final long serialVersionUID = 1;
    }
}
