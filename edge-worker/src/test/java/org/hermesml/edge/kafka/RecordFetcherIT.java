package org.hermesml.edge.kafka;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.hermesml.core.message.RecordAddress;
import org.hermesml.core.wire.Topics;
import org.hermesml.edge.RunFault;
import org.hermesml.edge.StopSignal;
import org.hermesml.edge.TestBroker;
import org.junit.jupiter.api.Test;

class RecordFetcherIT {
    private static final int RECORD_BYTES = 100_000;
    private final Connection connection = TestBroker.shared().connection("fetcher-it.");

    RecordFetcherIT() throws Exception {}

    @Test
    void recordsAreReadByAddressAndNothingElseTravels() throws Exception {
        TestBroker.shared().create(List.of(new Topics.Topic("fetcher-it.t", 1, Map.of())));
        byte[][] values = new byte[20][RECORD_BYTES];
        Random random = new Random(1);
        for (byte[] value : values) {
            random.nextBytes(value);
        }
        List<RecordAddress> addresses;
        try (RecordSender sender = new RecordSender(connection.producer())) {
            addresses =
                    sender.send(
                            20,
                            i -> new ProducerRecord<>("fetcher-it.t", new byte[] {1}, values[i]));
        }
        Consumer<byte[], byte[]> consumer = connection.exactReader();
        try (RecordFetcher fetcher =
                new RecordFetcher(consumer, new StopSignal(), Duration.ofSeconds(30))) {
            List<Integer> wanted = List.of(3, 4, 5, 11, 2);
            fetcher.fetch(
                    "fetcher-it.t",
                    wanted.stream().map(addresses::get).toList(),
                    (i, record) -> {
                        assertArrayEquals(values[wanted.get(i)], record.value());
                        assertEquals(RECORD_BYTES + 1, RecordFetcher.bytes(record));
                    });
            double received = metric(consumer, "incoming-byte-total");
            assertTrue(
                    received > 5 * RECORD_BYTES && received < 5.2 * RECORD_BYTES,
                    received + " bytes for five records");
        }
    }

    @Test
    void aRecordThatIsGoneIsSaidToBe() throws Exception {
        TestBroker.shared().create(List.of(new Topics.Topic("fetcher-it.empty", 1, Map.of())));
        try (RecordFetcher fetcher =
                new RecordFetcher(connection, new StopSignal(), Duration.ofSeconds(30))) {
            RunFault fault =
                    assertThrows(
                            RunFault.class,
                            () ->
                                    fetcher.fetch(
                                            "fetcher-it.empty",
                                            RecordAddress.newBuilder().setOffset(5).build()));
            assertTrue(
                    fault.getMessage()
                            .startsWith("Record 5 of topic fetcher-it.empty is no longer there"),
                    fault.getMessage());
        }
    }

    private static double metric(Consumer<byte[], byte[]> consumer, String name) {
        return consumer.metrics().values().stream()
                .filter(
                        m ->
                                m.metricName().name().equals(name)
                                        && m.metricName().group().equals("consumer-metrics"))
                .mapToDouble(m -> (double) m.metricValue())
                .sum();
    }
}
