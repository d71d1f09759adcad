package org.hermesml.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.hermesml.core.Protocol;
import org.hermesml.core.message.BlockAddress;
import org.hermesml.core.message.DataIndex;
import org.hermesml.core.message.EndReason;
import org.hermesml.core.message.RunEnd;
import org.hermesml.core.message.RunPhase;
import org.hermesml.core.message.RunRecord;
import org.hermesml.core.message.RunSpec;
import org.junit.jupiter.api.Test;

class RunDirectoryTest {
    private static final RunRecord RUNNING =
            RunRecord.newBuilder()
                    .setProtocol(Protocol.VERSION)
                    .setRun("r")
                    .setPhase(RunPhase.RUNNING)
                    .setSpec(
                            RunSpec.newBuilder()
                                    .setRun("r")
                                    .setData(
                                            DataIndex.newBuilder()
                                                    .addTraining(
                                                            BlockAddress.getDefaultInstance())))
                    .build();
    private static final RunRecord ENDED =
            RUNNING.toBuilder()
                    .setPhase(RunPhase.ENDED)
                    .setEnd(RunEnd.newBuilder().setReason(EndReason.TARGET))
                    .build();

    @Test
    void ofAnEndedRunADeviceRemembersItsEndButNotItsData() {
        RunDirectory runs = new RunDirectory();
        runs.take(record(RUNNING));
        assertEquals(RUNNING, runs.run("r").orElseThrow());

        runs.take(record(ENDED));
        assertFalse(runs.isOpen("r"));
        assertEquals(ENDED.getEnd(), runs.run("r").orElseThrow().getEnd());
        assertFalse(runs.run("r").orElseThrow().getSpec().hasData());
    }

    @Test
    void aCommandThatReadsOldRunsKeepsTheirData() {
        RunDirectory runs = new RunDirectory(true);
        runs.take(record(ENDED));
        assertEquals(ENDED, runs.run("r").orElseThrow());
    }

    @Test
    void aDeletedRunIsUnknown() {
        RunDirectory runs = new RunDirectory();
        runs.take(record(RUNNING));
        runs.take(new ConsumerRecord<>("hermes.runs", 0, 2, key(), null));
        assertTrue(runs.run("r").isEmpty());
        assertFalse(runs.isOpen("r"));
    }

    @Test
    void whatIsWrittenUnderTheNameOfARunThatIsKnownChangesNothingOfIt() {
        RunDirectory runs = new RunDirectory();
        runs.take(record(RUNNING));

        RunRecord.Builder other = RUNNING.toBuilder();
        other.getSpecBuilder().setModel("another");
        runs.take(record(other.build()));
        assertThrows(
                RunFault.class,
                () ->
                        runs.take(
                                new ConsumerRecord<>(
                                        "hermes.runs", 0, 3, key(), new byte[] {1, 2, 3})));

        assertEquals(RUNNING, runs.run("r").orElseThrow());
        assertTrue(runs.fault("r").isEmpty());
    }

    private static ConsumerRecord<byte[], byte[]> record(RunRecord run) {
        return new ConsumerRecord<>("hermes.runs", 0, 1, key(), run.toByteArray());
    }

    private static byte[] key() {
        return "r".getBytes(StandardCharsets.UTF_8);
    }
}
