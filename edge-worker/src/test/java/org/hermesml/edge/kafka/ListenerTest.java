package org.hermesml.edge.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class ListenerTest {
    private static final TopicPartition PARTITION = new TopicPartition("t", 0);

    @Test
    void aFaultOfTheBrokerDoesNotEndTheListening() throws InterruptedException {
        MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
        consumer.assign(List.of(PARTITION));
        consumer.updateBeginningOffsets(Map.of(PARTITION, 0L));
        consumer.setPollException(new KafkaException("the broker is not well"));
        consumer.schedulePollTask(() -> {});
        consumer.schedulePollTask(() -> consumer.addRecord(record(0)));

        CountDownLatch heard = new CountDownLatch(1);
        try (Listener listener =
                new Listener("test", new TopicFollower(consumer), r -> heard.countDown())) {
            assertTrue(heard.await(30, TimeUnit.SECONDS), "nothing is heard after the fault");
        }
        assertEquals(0, heard.getCount());
        assertTrue(consumer.closed());
    }

    private static ConsumerRecord<byte[], byte[]> record(long offset) {
        return new ConsumerRecord<>("t", 0, offset, new byte[0], new byte[] {1});
    }
}
