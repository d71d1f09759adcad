package org.hermesml.cli.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.hermesml.core.Protocol;
import org.hermesml.core.message.Directive;
import org.hermesml.core.message.EndReason;
import org.hermesml.core.message.Hello;
import org.hermesml.core.message.IterationReport;
import org.hermesml.core.message.Report;
import org.hermesml.core.message.RunEnd;
import org.hermesml.core.message.Verdict;
import org.hermesml.core.wire.Topics;
import org.junit.jupiter.api.Test;

class RunTopicsTest {
    private static final Topics TOPICS = new Topics("hermes.");
    private static final Verdict END =
            Verdict.newBuilder()
                    .setProtocol(Protocol.VERSION)
                    .setRun("run-1")
                    .setEnd(RunEnd.newBuilder().setReason(EndReason.STOPPED))
                    .build();
    private final RunTopics topics = new RunTopics(TOPICS, "run-1");

    private Optional<Seen> read(String topic, String key, byte[] value) {
        return topics.read(
                new ConsumerRecord<>(
                        topic,
                        0,
                        5L,
                        key == null ? null : key.getBytes(StandardCharsets.UTF_8),
                        value));
    }

    @Test
    void recordsOfTheRunAreReadByKey() {
        Report report =
                Report.newBuilder()
                        .setProtocol(Protocol.VERSION)
                        .setRun("run-1")
                        .setWorker("a")
                        .setHello(Hello.getDefaultInstance())
                        .build();

        assertEquals(
                report,
                read(TOPICS.reports(), "run-1/a", report.toByteArray()).orElseThrow().message());
        assertEquals(
                5, read(TOPICS.reports(), "run-1/a", report.toByteArray()).orElseThrow().offset());
        assertTrue(read(TOPICS.verdicts(), "run-1", END.toByteArray()).isPresent());
    }

    @Test
    void recordsOfOtherRunsAreNotEvenParsed() {
        byte[] garbage = {1, 2, 3};

        assertTrue(read(TOPICS.reports(), "run-10/a", garbage).isEmpty());
        assertTrue(read(TOPICS.verdicts(), "run-2", garbage).isEmpty());
        assertTrue(read(TOPICS.reports(), null, garbage).isEmpty());
    }

    @Test
    void theTopicOfDirectivesBelongsToTheRunWhateverTheKey() {
        Directive directive = Directive.newBuilder().setRun("run-1").setWorker("a").build();

        assertTrue(read(TOPICS.directives("run-1"), "a", directive.toByteArray()).isPresent());
        assertTrue(read(TOPICS.directives("run-1"), null, directive.toByteArray()).isPresent());
    }

    @Test
    void whatWasRefusedAndNamesNoRunMayBeOfAny() {
        assertTrue(read(TOPICS.refused(), "", new byte[0]).isPresent());
        assertTrue(read(TOPICS.refused(), "run-2", new byte[0]).isEmpty());
    }

    @Test
    void whatTheJobDoesNotTakeIsNoPartOfTheRun() {
        Report negative =
                Report.newBuilder()
                        .setProtocol(Protocol.VERSION)
                        .setRun("run-1")
                        .setWorker("a")
                        .setIteration(IterationReport.newBuilder().setClock(-1))
                        .build();
        assertTrue(read(TOPICS.reports(), "run-1/a", negative.toByteArray()).isEmpty());

        Verdict empty = END.toBuilder().clearEnd().build();
        assertTrue(read(TOPICS.verdicts(), "run-1", empty.toByteArray()).isEmpty());
        Verdict newer = END.toBuilder().setProtocol(99).build();
        assertTrue(read(TOPICS.verdicts(), "run-1", newer.toByteArray()).isEmpty());
        assertTrue(read(TOPICS.verdicts(), "run-1/a", END.toByteArray()).isEmpty(), "its key");
    }

    @Test
    void deletionsAndGarbageAreSkipped() {
        assertTrue(read(TOPICS.runs(), "run-1", null).isEmpty());
        assertTrue(read(TOPICS.reports(), "run-1/a", new byte[] {(byte) 0xff}).isEmpty());
    }
}
