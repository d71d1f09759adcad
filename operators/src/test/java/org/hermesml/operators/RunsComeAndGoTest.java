package org.hermesml.operators;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.hermesml.core.Protocol;
import org.hermesml.core.log.UpdateIds;
import org.hermesml.core.message.Admitted;
import org.hermesml.core.message.Directive;
import org.hermesml.core.message.EndReason;
import org.hermesml.core.message.MergeKind;
import org.hermesml.core.message.ModelSlice;
import org.hermesml.core.message.RunEnd;
import org.hermesml.core.message.RunPhase;
import org.hermesml.core.message.RunRecord;
import org.hermesml.core.message.RunSpec;
import org.hermesml.core.message.UpdateForm;
import org.hermesml.core.message.UpdateSlice;
import org.hermesml.core.message.Verdict;
import org.hermesml.core.state.ReceivedRecord;
import org.hermesml.core.state.RunEvent;
import org.hermesml.core.state.ShardEvent;
import org.junit.jupiter.api.Test;

/** What operators make of the records of the runs topic, in any order and after any restore. */
class RunsComeAndGoTest {
    private static final RunSpec SPEC = Fixtures.spec(Map.of());

    @Test
    void aRequestToStopThatCrossedTheEndDoesNotHideIt() throws Exception {
        RunEnd end = RunEnd.newBuilder().setReason(EndReason.TARGET).setBestVersion(7).build();
        RunRecord ended = Fixtures.record(SPEC, RunPhase.ENDED).toBuilder().setEnd(end).build();
        try (FunctionHost<RunEvent, Directive> publish = Hosts.publish(true)) {
            publish.run(Fixtures.running(SPEC));
            publish.run(ended);
            publish.run(Fixtures.record(SPEC, RunPhase.STOPPING));

            assertEquals(List.of(ended), publish.side(PublishFunction.ENDED));
            publish.feed(Events.of(Fixtures.score(1, 1, 0.5)));
            assertEquals(0, publish.keyedEntries(), "the run stays ended");
        }
    }

    @Test
    void nothingIsKeptOfARunThatIsDeletedBeforeItsEnd() throws Exception {
        try (FunctionHost<Verdict, RunEvent> log = Hosts.log(false)) {
            log.run(Fixtures.running(SPEC));
            log.feed(initialAdmitted());
            assertTrue(log.keyedEntries() > 0);

            log.run(RunRecord.newBuilder().setRun(Fixtures.RUN).build());
            assertEquals(0, log.keyedEntries());
        }
    }

    @Test
    void timeInWhichTheJobWasDownDoesNotCountAgainstRecordsOfARunNotYetKnown() throws Exception {
        try (FunctionHost<Verdict, RunEvent> log = Hosts.log(false)) {
            log.timeIs(1_000);
            log.feed(initialAdmitted());
            log.restoreAt(100_000);
            log.timeIs(100_100);
            log.run(Fixtures.running(SPEC));

            List<RunEvent> entries = log.timeIs(100_200);
            assertEquals(1, entries.size());
            assertTrue(log.side(Runs.REFUSED).isEmpty());
        }
    }

    @Test
    void recordsOfARunThatNeverBecomesKnownAreRefused() throws Exception {
        try (FunctionHost<Verdict, RunEvent> log = Hosts.log(false)) {
            log.timeIs(1_000);
            log.feed(initialAdmitted());
            for (long ms = 1_050; ms <= 33_100; ms += 50) {
                log.timeIs(ms);
            }
            assertEquals(1, log.side(Runs.REFUSED).size());
            assertEquals(0, log.keyedEntries());
        }
    }

    @Test
    void slicesThatFitNoShardAreNotKeptForAVerdictThatNeverComes() throws Exception {
        try (FunctionHost<ShardEvent, ModelSlice> merge = Hosts.merge(false)) {
            merge.run(Fixtures.running(SPEC));
            UpdateSlice slice =
                    Fixtures.slices(
                                    SPEC,
                                    UpdateIds.of("w", 1, 1),
                                    UpdateForm.WEIGHTS,
                                    new float[Fixtures.PARAMETERS])
                            .get(0);
            merge.feed(shardEvent(slice.toBuilder().setShard(9).build()));
            int before = merge.keyedEntries();
            for (int first = 1; first < 50; first++) {
                merge.feed(shardEvent(slice.toBuilder().setShard(9).setFirst(first).build()));
                merge.feed(
                        shardEvent(slice.toBuilder().setShard(9).setSlice(1000 + first).build()));
            }
            assertEquals(before, merge.keyedEntries());

            merge.feed(shardEvent(slice));
            assertTrue(merge.keyedEntries() > before, "one that fits waits for its verdict");
        }
    }

    private static ShardEvent shardEvent(UpdateSlice slice) {
        return ShardEvent.newBuilder()
                .setRun(Fixtures.RUN)
                .setShard(slice.getShard())
                .setSlice(slice)
                .build();
    }

    @Test
    void aSpecificationThatNoRuleCanWorkByIsRefusedBeforeItReachesAnOperator() throws Exception {
        RunRecord good = Fixtures.running(SPEC);
        assertEquals(good, Readers.run(received(good)));
        for (RunSpec bad :
                List.of(
                        SPEC.toBuilder().putSettings("of_a_later_release", "1").build(),
                        SPEC.toBuilder().putSettings("alpha", "many").build(),
                        SPEC.toBuilder().setParameterCount(0).build(),
                        SPEC.toBuilder().clearData().build(),
                        SPEC.toBuilder().setRun("another").build())) {
            RunRecord record = good.toBuilder().setSpec(bad).build();
            assertThrows(IllegalArgumentException.class, () -> Readers.run(received(record)));
        }
    }

    private static Verdict initialAdmitted() {
        return Verdict.newBuilder()
                .setProtocol(Protocol.VERSION)
                .setRun(Fixtures.RUN)
                .setAdmitted(
                        Admitted.newBuilder()
                                .setId(UpdateIds.INITIAL)
                                .setKind(MergeKind.REPLACE)
                                .setCoefficient(1))
                .build();
    }

    private static ReceivedRecord received(RunRecord record) {
        return Fixtures.received(record.toByteString(), record.getRun());
    }
}
