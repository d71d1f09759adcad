package org.hermesml.edge.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.errors.NotEnoughReplicasException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.hermesml.core.InputException;
import org.hermesml.core.message.RecordAddress;
import org.hermesml.edge.StopSignal;
import org.junit.jupiter.api.Test;

class RecordSenderTest {
    private static ProducerRecord<byte[], byte[]> record(int i) {
        return new ProducerRecord<>("t", 0, new byte[] {1}, new byte[] {(byte) i});
    }

    /** Fails the first attempts with the given errors, then acknowledges. */
    private static final class Failing extends MockProducer<byte[], byte[]> {
        private final List<RuntimeException> errors;

        Failing(RuntimeException... errors) {
            super(true, null, new ByteArraySerializer(), new ByteArraySerializer());
            this.errors = new ArrayList<>(List.of(errors));
        }

        @Override
        public Future<RecordMetadata> send(
                ProducerRecord<byte[], byte[]> record, Callback callback) {
            return errors.isEmpty()
                    ? super.send(record, callback)
                    : CompletableFuture.failedFuture(errors.remove(0));
        }
    }

    @Test
    void addressesComeInTheOrderOfTheRecords() {
        try (Failing producer = new Failing()) {
            RecordSender sender = new RecordSender(producer);
            List<RecordAddress> addresses = sender.send(20, RecordSenderTest::record);
            for (int i = 0; i < 20; i++) {
                assertEquals(i, addresses.get(i).getOffset());
            }
        }
    }

    @Test
    void aDeviceSendsAgainWhatTheBrokerDidNotTakeInTime() {
        try (Failing producer = new Failing(new TimeoutException("late"))) {
            RecordSender sender = new RecordSender(() -> producer, new StopSignal());
            List<RecordAddress> addresses = sender.send(3, RecordSenderTest::record);
            assertEquals(3, producer.history().size());
            // The record at each address is the one asked for, although the first was sent last.
            for (int i = 0; i < 3; i++) {
                assertEquals(
                        i, producer.history().get((int) addresses.get(i).getOffset()).value()[0]);
            }
        }
    }

    @Test
    void aProducerThatIsBrokenForGoodIsReplacedAndNothingIsLost() {
        Failing broken = new Failing(new OutOfOrderSequenceException("out of order"));
        Failing whole = new Failing();
        Deque<Failing> producers = new ArrayDeque<>(List.of(broken, whole));
        try (RecordSender sender = new RecordSender(producers::remove, new StopSignal())) {
            sender.send(record(1));
            assertEquals(0, broken.history().size());
            assertEquals(1, whole.history().size());
            assertTrue(broken.closed());
        }
    }

    @Test
    void whatABrokenProducerHadOnItsWayIsSentByTheNextOne() {
        Failing broken =
                new Failing(
                        new OutOfOrderSequenceException("out of order"),
                        new KafkaException("Producer is closed forcefully."),
                        new KafkaException("Producer is closed forcefully."));
        Failing whole = new Failing();
        Deque<Failing> producers = new ArrayDeque<>(List.of(broken, whole));
        try (RecordSender sender = new RecordSender(producers::remove, new StopSignal())) {
            sender.send(3, RecordSenderTest::record);
            assertEquals(3, whole.history().size());
        }
    }

    @Test
    void aProducerThatTakesNothingMoreIsReplacedOnce() {
        Failing broken = new Failing();
        broken.sendException = new KafkaException("in an error state");
        Failing whole = new Failing();
        Deque<Failing> producers = new ArrayDeque<>(List.of(broken, whole));
        try (RecordSender sender = new RecordSender(producers::remove, new StopSignal())) {
            sender.attempt(record(0));
            sender.send(2, RecordSenderTest::record);
            assertEquals(2, whole.history().size());
            whole.sendException = broken.sendException;
            Failing third = new Failing();
            third.sendException = broken.sendException;
            producers.add(third);
            InputException e = assertThrows(InputException.class, () -> sender.send(record(1)));
            assertTrue(e.getMessage().contains("in an error state"), e.getMessage());
        }
    }

    @Test
    void whatARecordWaitsForIsSaidWithWhatEndsIt() {
        String disk = Faults.ofWaiting("t", new KafkaStorageException("No space left on device"));
        assertTrue(disk.contains("cannot write to its disk: free space there"), disk);
        String replicas = Faults.ofWaiting("t", new NotEnoughReplicasException("1 of 2"));
        assertTrue(replicas.contains("start the brokers that are missing"), replicas);
        String network = Faults.ofWaiting("t", new TimeoutException("120000 ms"));
        assertTrue(network.contains("see that the broker runs"), network);
    }

    @Test
    void aProcessThatMayNotWriteIsToldWhichRightItLacks() {
        try (Failing producer = new Failing(new TopicAuthorizationException("t"))) {
            RecordSender sender = new RecordSender(() -> producer, new StopSignal());
            InputException e = assertThrows(InputException.class, () -> sender.send(record(1)));
            assertTrue(e.getMessage().contains("--operation Write --topic t"), e.getMessage());
        }
    }

    @Test
    void noMoreIsOnItsWayThanASlowLinkCarriesInTime() {
        List<CompletableFuture<RecordMetadata>> open = new ArrayList<>();
        int[] most = new int[1];
        MockProducer<byte[], byte[]> slow =
                new MockProducer<>(
                        true, null, new ByteArraySerializer(), new ByteArraySerializer()) {
                    @Override
                    public synchronized Future<RecordMetadata> send(
                            ProducerRecord<byte[], byte[]> record, Callback callback) {
                        CompletableFuture<RecordMetadata> one =
                                new CompletableFuture<>() {
                                    @Override
                                    public RecordMetadata get() {
                                        open.remove(this);
                                        return new RecordMetadata(
                                                new TopicPartition("t", 0), 0, 0, 0, 0, 0);
                                    }
                                };
                        open.add(one);
                        most[0] = Math.max(most[0], open.size());
                        return one;
                    }
                };
        RecordSender sender = new RecordSender(() -> slow, new StopSignal());
        byte[] large = new byte[900_000];
        sender.send(10, i -> new ProducerRecord<>("t", 0, new byte[1], large));
        assertEquals(3, most[0], "of 900 KB each");
        most[0] = 0;
        sender.send(20, RecordSenderTest::record);
        assertEquals(8, most[0], "of a few bytes each");
    }

    @Test
    void aCommandGivesUpInOneSentence() {
        try (Failing producer =
                new Failing(
                        new TimeoutException("Topic t not present in metadata after 10000 ms."))) {
            RecordSender sender = new RecordSender(producer);
            InputException e = assertThrows(InputException.class, () -> sender.send(record(1)));
            assertTrue(e.getMessage().startsWith("Topic t does not exist"), e.getMessage());
        }
    }

    @Test
    void aRecordThatIsTooLargeNamesTheSettingsThatShrinkIt() {
        try (Failing producer = new Failing(new RecordTooLargeException("too large"))) {
            RecordSender sender = new RecordSender(() -> producer, new StopSignal());
            InputException e = assertThrows(InputException.class, () -> sender.send(record(1)));
            assertTrue(e.getMessage().contains("slice_parameters"), e.getMessage());
        }
    }

    @Test
    void aStoppedProcessSendsNothingMore() {
        try (Failing producer = new Failing()) {
            StopSignal stop = new StopSignal();
            stop.request();
            RecordSender sender = new RecordSender(() -> producer, stop.part());
            assertThrows(StopSignal.Stopped.class, () -> sender.send(record(1)));
            assertEquals(0, producer.history().size());
        }
    }
}
