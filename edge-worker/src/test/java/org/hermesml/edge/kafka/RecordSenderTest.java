package org.hermesml.edge.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
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
            RecordSender sender = new RecordSender(producer, new StopSignal(), false);
            List<RecordAddress> addresses = sender.send(20, RecordSenderTest::record);
            for (int i = 0; i < 20; i++) {
                assertEquals(i, addresses.get(i).getOffset());
            }
        }
    }

    @Test
    void aDeviceSendsAgainWhatTheBrokerDidNotTakeInTime() {
        try (Failing producer = new Failing(new TimeoutException("late"))) {
            RecordSender sender = new RecordSender(producer, new StopSignal(), true);
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
    void aCommandGivesUpInOneSentence() {
        try (Failing producer =
                new Failing(
                        new TimeoutException("Topic t not present in metadata after 10000 ms."))) {
            RecordSender sender = new RecordSender(producer, new StopSignal(), false);
            InputException e = assertThrows(InputException.class, () -> sender.send(record(1)));
            assertTrue(e.getMessage().startsWith("Topic t does not exist"), e.getMessage());
        }
    }

    @Test
    void aRecordThatIsTooLargeNamesTheSettingsThatShrinkIt() {
        try (Failing producer = new Failing(new RecordTooLargeException("too large"))) {
            RecordSender sender = new RecordSender(producer, new StopSignal(), true);
            InputException e = assertThrows(InputException.class, () -> sender.send(record(1)));
            assertTrue(e.getMessage().contains("slice_parameters"), e.getMessage());
        }
    }

    @Test
    void aStoppedProcessSendsNothingMore() {
        try (Failing producer = new Failing()) {
            StopSignal stop = new StopSignal();
            stop.request();
            RecordSender sender = new RecordSender(producer, stop.part(), true);
            assertThrows(StopSignal.Stopped.class, () -> sender.send(record(1)));
            assertEquals(0, producer.history().size());
        }
    }
}
