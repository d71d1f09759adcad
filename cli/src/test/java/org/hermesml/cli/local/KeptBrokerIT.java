package org.hermesml.cli.local;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.hermesml.core.InputException;
import org.hermesml.core.wire.Topics;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeptBrokerIT {
    private static final Duration LONG = Duration.ofMinutes(3);

    @TempDir Path dir;

    @Test
    void aBrokerThatIsKilledComesBackAtItsAddressWithWhatItHeld() throws Exception {
        Topics.Topic topic = new Topics("kept.").ofRun("a").get(0);
        List<String> words = new CopyOnWriteArrayList<>();
        ChildProcess last;
        try (KeptBroker broker = KeptBroker.start(dir, "localhost", Ports.free(), words::add)) {
            try (TopicAdmin admin = TopicAdmin.connect(broker.bootstrap())) {
                admin.create(topic);
            }
            long pid = broker.process().pid();
            broker.process().handle().destroyForcibly();
            Patience.until(
                    "another process answers",
                    LONG,
                    () -> broker.process().pid() != pid && holds(broker, topic.name()));
            last = broker.process();
            assertNotEquals(pid, last.pid());
            assertEquals(1, words.size(), words::toString);
            assertFalse(broker.hopeless().isDone());
        }
        assertFalse(last.isAlive());
    }

    private static boolean holds(KeptBroker broker, String topic) {
        try (TopicAdmin admin = TopicAdmin.connect(broker.bootstrap(), Duration.ofSeconds(2))) {
            return admin.names().contains(topic);
        } catch (InputException notYet) {
            return false;
        }
    }
}
