package org.hermesml.cli.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.hermesml.core.InputException;
import org.hermesml.core.wire.Topics;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BrokerIT {
    private static final Topics TOPICS = new Topics("test.");

    @TempDir Path dir;

    @Test
    void aBrokerTakesTopicsEndsWithItsInputAndKeepsThemOverARestart() throws Exception {
        Set<String> expected =
                Set.copyOf(TOPICS.shared().stream().map(Topics.Topic::name).toList());
        try (LocalBroker broker = LocalBroker.start(dir)) {
            broker.awaitReady();
            try (TopicAdmin admin = TopicAdmin.connect(broker.bootstrap())) {
                admin.create(TOPICS.shared());
                admin.create(TOPICS.shared());
                admin.create(TOPICS.ofRun("a"));
                admin.delete(TOPICS.ofRun("a").stream().map(Topics.Topic::name).toList());
                assertEquals(expected, admin.names());
                refusesAnotherShape(admin);
            }
            portInUse(broker);
            broker.process().closeInput();
            assertEquals(0, broker.onExit().get(60, TimeUnit.SECONDS));
        }
        try (LocalBroker again = LocalBroker.start(dir)) {
            again.awaitReady();
            try (TopicAdmin admin = TopicAdmin.connect(again.bootstrap())) {
                assertEquals(expected, admin.names());
            }
        }
    }

    private static void refusesAnotherShape(TopicAdmin admin) {
        Topics.Topic wider = new Topics.Topic(TOPICS.runs(), 3, Map.of());
        String said =
                assertThrows(InputException.class, () -> admin.create(List.of(wider))).getMessage();
        assertTrue(said.contains("test.runs") && said.contains("has 1 partitions where 3"), said);
    }

    private void portInUse(LocalBroker broker) {
        int port = Integer.parseInt(broker.bootstrap().split(":")[1]);
        String said =
                assertThrows(
                                InputException.class,
                                () -> LocalBroker.start(dir.resolve("second"), "localhost", port))
                        .getMessage();
        assertTrue(said.startsWith("Port " + port), said);
    }

    @Test
    void whereNobodyListensTheSentenceSaysWhatToDo() {
        String address = "localhost:" + Ports.free();
        String said =
                assertThrows(
                                InputException.class,
                                () -> TopicAdmin.connect(address, Duration.ofSeconds(1)))
                        .getMessage();
        assertEquals(
                "No Kafka broker answers at "
                        + address
                        + "; start one with ./hermes broker or name another with --bootstrap.",
                said);
        String nonsense =
                assertThrows(InputException.class, () -> TopicAdmin.connect("nonsense"))
                        .getMessage();
        assertTrue(nonsense.contains("'nonsense' is no address"), nonsense);
    }
}
