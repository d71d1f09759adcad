package org.hermesml.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.hermesml.core.InputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JobSettingsTest {
    @Test
    void whatIsNotSaidHasADefault() {
        JobSettings settings = JobSettings.of();
        assertEquals("localhost:9092", settings.bootstrap());
        assertEquals("hermes.verdicts", settings.topics().verdicts());
        assertEquals(0, settings.parallelism());
        assertEquals(Duration.ofSeconds(5), settings.checkpointInterval());
    }

    @Test
    void whatIsSaidCounts() {
        JobSettings settings =
                JobSettings.of(
                        "--topic-prefix", "lab.", "--bootstrap", "kafka:1", "--parallelism", "2");
        assertEquals("lab.runs", settings.topics().runs());
        assertEquals("kafka:1", settings.bootstrap());
        assertEquals(2, settings.parallelism());
    }

    @Test
    void anUnknownArgumentIsRefusedWithThoseThatAreKnown() {
        assertEquals(
                "The job does not take '--port' here; it takes --bootstrap, --topic-prefix,"
                        + " --parallelism, --checkpoint-interval, each followed by a value.",
                refusal("--port", "1"));
        assertTrue(refusal("--bootstrap").startsWith("The job does not take '--bootstrap' here"));
    }

    @ParameterizedTest
    @CsvSource({
        "--parallelism, two",
        "--parallelism, -3",
        "--parallelism, 129",
        "--checkpoint-interval, soon",
        "--checkpoint-interval, 0s",
        "--checkpoint-interval, 1ms"
    })
    void aValueThatCannotBeIsRefusedInOneSentence(String argument, String value) {
        String refusal = refusal(argument, value);
        assertTrue(refusal.contains(value), refusal);
        assertTrue(refusal.endsWith("."), refusal);
    }

    private static String refusal(String... args) {
        return assertThrows(InputException.class, () -> JobSettings.of(args)).getMessage();
    }
}
