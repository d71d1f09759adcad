package org.hermesml.operators;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import java.util.Collection;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.flink.streaming.util.BroadcastOperatorTestHarness;
import org.apache.flink.streaming.util.ProcessFunctionTestHarnesses;
import org.hermesml.core.log.UpdateIds;
import org.hermesml.core.message.RefusalKind;
import org.hermesml.core.message.RefusedRecord;
import org.hermesml.core.message.RunPhase;
import org.hermesml.core.message.RunRecord;
import org.hermesml.core.message.RunSpec;
import org.hermesml.core.message.UpdateForm;
import org.hermesml.core.message.UpdateSlice;
import org.hermesml.core.state.ReceivedRecord;
import org.hermesml.core.state.ShardEvent;
import org.hermesml.core.state.Ticket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SliceCheckTest {
    private static final RunSpec SPEC = Fixtures.spec(Map.of());
    private static final UpdateSlice SOUND =
            Fixtures.slices(
                            SPEC,
                            UpdateIds.of("a", 3, 1),
                            UpdateForm.WEIGHTS,
                            new float[Fixtures.PARAMETERS])
                    .get(1);

    private static final String KEY = "run-1/a";

    private BroadcastOperatorTestHarness<ReceivedRecord, RunRecord, ShardEvent> check;

    @BeforeEach
    void open() throws Exception {
        HarnessTypes.register();
        check =
                ProcessFunctionTestHarnesses.forBroadcastProcessFunction(
                        new SliceCheck(), Runs.DIRECTORY);
        check.processBroadcastElement(Fixtures.running(SPEC), 0);
    }

    @AfterEach
    void close() throws Exception {
        check.close();
    }

    @Test
    void aSoundSliceGoesToItsShardAndItsTicketToAdmission() throws Exception {
        feed(SOUND.toByteString());
        assertEquals(SOUND, check.extractOutputValues().get(0).getSlice());
        assertEquals(SOUND.getShard(), check.extractOutputValues().get(0).getShard());
        assertEquals("", ticket().getFault());
        assertEquals(SOUND.getSerializedSize() + KEY.length(), ticket().getRecordBytes());
    }

    @Test
    void aFaultySliceStopsHereAndItsTicketSaysWhy() throws Exception {
        feed(SOUND.toBuilder().setCrc32C(1).build().toByteString());
        assertEquals(0, check.extractOutputValues().size());
        assertEquals("slice 1 does not match its checksum", ticket().getFault());
        assertEquals("a", refused().getWorker());
        assertEquals(RefusalKind.WRONG_CHECKSUM, refused().getKind());
        assertEquals(77, refused().getAddress().getOffset());
    }

    @Test
    void aSliceThatTheRunsModelIsNotCutIntoIsRefused() throws Exception {
        feed(SOUND.toBuilder().setShard(0).build().toByteString());
        assertEquals(RefusalKind.WRONG_SIZE, refused().getKind());
        assertEquals(RefusalKind.WRONG_SIZE, ticket().getFaultKind());
        assertEquals(0, check.extractOutputValues().size());
    }

    @Test
    void bothHalvesOfASliceWaitUntilItsRunIsKnown() throws Exception {
        UpdateSlice unknown = SOUND.toBuilder().setRun("run-2").build();
        feed(unknown.toByteString(), "run-2/a");
        assertEquals(0, count(true) + count(false) + check.extractOutputValues().size());
        assertEquals(1, check.getSideOutput(SliceCheck.UNKNOWN).size());
    }

    @Test
    void aSliceOfARunThatHasEndedGoesNowhere() throws Exception {
        check.processBroadcastElement(Fixtures.record(SPEC, RunPhase.ENDED), 0);
        feed(SOUND.toByteString());
        assertEquals(RefusalKind.ENDED_RUN, refused().getKind());
        assertEquals(0, count(true) + check.extractOutputValues().size());
    }

    @Test
    void aSliceUnderAnotherWorkersKeyIsRefused() throws Exception {
        feed(SOUND.toByteString(), "run-1/b");
        assertEquals("its key is not 'run-1/a'", refused().getReason());
    }

    @Test
    void aSliceThatNamesNoWorkerButIsNotTheInitialModelsIsRefused() throws Exception {
        feed(SOUND.toBuilder().setId(UpdateIds.of("", 5, 3)).build().toByteString());
        assertEquals("the update names no worker", refused().getReason());
        assertEquals(RefusalKind.IMPOSSIBLE, refused().getKind());
        assertEquals(0, count(true));
    }

    @Test
    void aNewerProtocolIsRefusedWithAdvice() throws Exception {
        feed(SOUND.toBuilder().setProtocol(99).build().toByteString());
        assertTrue(refused().getReason().contains("protocol version 99 is not known here"));
    }

    @Test
    void randomBytesAndChangedRecordsAreAllEitherTicketedOrRefused() throws Exception {
        SplittableRandom random = new SplittableRandom(11);
        byte[] sound = SOUND.toByteArray();
        int fed = 4_000;
        for (int i = 0; i < fed; i++) {
            byte[] bytes;
            if (i % 2 == 0) {
                bytes = new byte[random.nextInt(200)];
                random.nextBytes(bytes);
            } else {
                bytes = java.util.Arrays.copyOf(sound, sound.length - random.nextInt(3));
                for (int changes = random.nextInt(1, 4); changes > 0; changes--) {
                    bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
                }
            }
            feed(ByteString.copyFrom(bytes));
        }
        long faulty =
                check.getSideOutput(SliceCheck.TICKETS).stream()
                        .filter(t -> !t.getValue().getTicket().getFault().isEmpty())
                        .count();
        assertEquals(fed, count(true) + count(false) - faulty, "a faulty ticket is refused too");
        assertEquals(count(true) - faulty, check.extractOutputValues().size());
    }

    private void feed(ByteString value) throws Exception {
        feed(value, KEY);
    }

    private void feed(ByteString value, String key) throws Exception {
        check.processElement(Fixtures.received(value, key), 0);
    }

    private Ticket ticket() {
        return check.getSideOutput(SliceCheck.TICKETS).peek().getValue().getTicket();
    }

    private RefusedRecord refused() {
        return check.getSideOutput(Runs.REFUSED).peek().getValue();
    }

    private int count(boolean tickets) {
        Collection<?> queue =
                tickets
                        ? check.getSideOutput(SliceCheck.TICKETS)
                        : check.getSideOutput(Runs.REFUSED);
        return queue == null ? 0 : queue.size();
    }
}
