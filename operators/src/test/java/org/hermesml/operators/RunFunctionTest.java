package org.hermesml.operators;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.hermesml.core.message.RefusalKind;
import org.hermesml.core.message.RefusedRecord;
import org.hermesml.core.message.RunPhase;
import org.hermesml.core.message.RunRecord;
import org.hermesml.core.message.RunSpec;
import org.hermesml.core.message.UpdateSlice;
import org.hermesml.core.state.ReceivedRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What every keyed function does with runs: once straight, once restored after every element. */
class RunFunctionTest {
    static final List<String> NAMES = Hosts.NAMES;
    static final List<String> FIRST = Hosts.FIRST;
    static final List<String> LATER = Hosts.LATER;

    private static final RunSpec SPEC = Fixtures.spec(Map.of("push_deadline", "10s"));

    static Stream<Arguments> bothWays() {
        return NAMES.stream()
                .flatMap(name -> Stream.of(Arguments.of(name, false), Arguments.of(name, true)));
    }

    @ParameterizedTest
    @MethodSource("bothWays")
    void aRecordOfAnUnknownRunWaitsAndIsServedOnceTheRunIsKnown(String name, boolean restoreAlways)
            throws Exception {
        List<Object> waited = new ArrayList<>();
        int entries;
        Hosts.Hosted<?> hosted = Hosts.of(name, SPEC, restoreAlways);
        try (var parking = hosted.host()) {
            waited.addAll(hosted.feed());
            assertEquals(List.of(), waited);
            assertTrue(parking.keyedEntries() > 0);
            parking.restore();

            parking.run(Fixtures.running(SPEC));
            waited.addAll(parking.timeIs(60));
            assertEquals(List.of(), parking.side(Runs.REFUSED));
            // RocksDB counts timers among its entries once it has restored them.
            parking.restore();
            entries = parking.keyedEntries();
        }
        Hosts.Hosted<?> straight = Hosts.of(name, SPEC, restoreAlways);
        try (var host = straight.host()) {
            host.run(Fixtures.running(SPEC));
            host.timeIs(60);
            assertEquals(straight.feed(), waited);
            host.restore();
            assertEquals(host.keyedEntries(), entries, "nothing of the waiting is left");
        }
    }

    @ParameterizedTest
    @FieldSource("NAMES")
    void theNextRecordOfARunThatHasBecomeKnownFetchesThoseThatWait(String name) throws Exception {
        Hosts.Hosted<?> hosted = Hosts.of(name, SPEC, false);
        try (var host = hosted.host()) {
            hosted.feed();
            host.run(Fixtures.running(SPEC));
            hosted.feed();
            int served = host.keyedEntries();
            host.timeIs(60);
            assertEquals(served, host.keyedEntries(), "there was nothing left to fetch");
        }
    }

    @ParameterizedTest
    @FieldSource("FIRST")
    void afterThirtySecondsARecordOfAnUnknownRunIsRefused(String name) throws Exception {
        Hosts.Hosted<?> hosted = Hosts.of(name, SPEC, false);
        try (var host = hosted.host()) {
            host.timeIs(1);
            hosted.feed();
            host.timeIs(29_000);
            assertEquals(List.of(), host.side(Runs.REFUSED));

            host.timeIs(32_000);
            assertEquals(1, host.side(Runs.REFUSED).size());
            assertEquals(Fixtures.RUN, host.side(Runs.REFUSED).get(0).getRun());
            assertEquals(
                    "no such run became known within 30 s",
                    host.side(Runs.REFUSED).get(0).getReason());
            assertEquals(RefusalKind.UNKNOWN_RUN, host.side(Runs.REFUSED).get(0).getKind());
            assertEquals(0, host.keyedEntries());
            assertEquals(0, host.timers());
        }
    }

    @ParameterizedTest
    @FieldSource("LATER")
    void whatHasPassedOneWhoKnowsItsRunWaitsOnAndIsServed(String name) throws Exception {
        Hosts.Hosted<?> hosted = Hosts.of(name, SPEC, false);
        try (var host = hosted.host()) {
            host.timeIs(1);
            hosted.feed();
            host.timeIs(500_000);
            assertEquals(List.of(), host.side(Runs.REFUSED));
            host.run(Fixtures.running(SPEC));
            host.timeIs(503_000);
            assertTrue(host.keyedEntries() > 0, "served");

            Hosts.Hosted<?> never = Hosts.of(name, SPEC, false);
            try (var other = never.host()) {
                other.timeIs(1);
                never.feed();
                other.timeIs(603_000);
                assertEquals(0, other.keyedEntries(), "its run was deleted on the way");
                assertEquals(0, other.timers());
            }
        }
    }

    @Test
    void aRunThatIsKnownKeepsItsSpecification() throws Exception {
        Hosts.Hosted<?> hosted = Hosts.of("publish", SPEC, false);
        try (var host = hosted.host()) {
            host.run(Fixtures.running(SPEC));
            host.run(Fixtures.running(SPEC.toBuilder().setParameterCount(99).build()));
            assertEquals(RefusalKind.ALTERED_RUN, host.side(Runs.REFUSED).get(0).getKind());
        }
    }

    @Test
    void onlySoManyRecordsOfAnUnknownRunWait() throws Exception {
        Hosts.Hosted<?> hosted = Hosts.of("log", SPEC, false);
        try (var host = hosted.host()) {
            for (int i = 0; i < 10_000; i++) {
                hosted.feed();
            }
            assertEquals(List.of(), host.side(Runs.REFUSED));
            hosted.feed();
            assertEquals(
                    "too many records wait for this run to become known",
                    host.side(Runs.REFUSED).get(0).getReason());
        }
    }

    @Test
    void onlySoManyBytesOfAnUnknownRunWait() throws Exception {
        Hosts.Hosted<ReceivedRecord> hosted = Hosts.slices(SPEC);
        try (var host = hosted.host()) {
            ReceivedRecord big =
                    Fixtures.received(
                            UpdateSlice.parseFrom(hosted.record().getValue()).toBuilder()
                                    .setValues(ByteString.copyFrom(new byte[800_000]))
                                    .build());
            for (int i = 0; i < 90; i++) {
                host.feed(big);
            }
            assertEquals(90 - (64 << 20) / 800_000, host.side(Runs.REFUSED).size());
            assertEquals(RefusalKind.TOO_MANY, host.side(Runs.REFUSED).get(0).getKind());
        }
    }

    @ParameterizedTest
    @MethodSource("bothWays")
    void theEndOfARunClearsAllAndItsLateRecordsTouchNothing(String name, boolean restoreAlways)
            throws Exception {
        Hosts.Hosted<?> hosted = Hosts.of(name, SPEC, restoreAlways);
        try (var host = hosted.host()) {
            host.run(Fixtures.running(SPEC));
            hosted.feed();
            assertTrue(host.keyedEntries() > 0);

            host.run(Fixtures.record(SPEC, RunPhase.ENDED));
            assertEquals(0, host.keyedEntries());
            assertEquals(List.of(), hosted.feed());
            assertEquals(0, host.keyedEntries());
            // A timer cannot be taken back from here: it runs out, and finds nothing to do.
            assertEquals(List.of(), host.timeIs(1_000_000));
            assertEquals(0, host.timers());
            List<RefusalKind> told =
                    host.side(Runs.REFUSED).stream().map(RefusedRecord::getKind).toList();
            assertEquals(name.equals("slices") ? List.of(RefusalKind.ENDED_RUN) : List.of(), told);
        }
    }

    @ParameterizedTest
    @FieldSource("NAMES")
    void recordsThatWaitedForARunThatHasEndedAreDropped(String name) throws Exception {
        Hosts.Hosted<?> hosted = Hosts.of(name, SPEC, false);
        try (var host = hosted.host()) {
            hosted.feed();
            host.run(Fixtures.record(SPEC, RunPhase.ENDED));
            assertEquals(List.of(), host.timeIs(60));
            assertEquals(0, host.keyedEntries());
            assertEquals(0, host.timers());
        }
    }

    @ParameterizedTest
    @FieldSource("NAMES")
    void aRunThatIsDeletedLeavesNothingBehind(String name) throws Exception {
        Hosts.Hosted<?> hosted = Hosts.of(name, SPEC, false);
        try (var host = hosted.host()) {
            host.run(Fixtures.running(SPEC));
            hosted.feed();
            host.run(RunRecord.newBuilder().setRun(Fixtures.RUN).build());
            assertEquals(0, host.keyedEntries());
        }
    }

    @ParameterizedTest
    @FieldSource("NAMES")
    void aRunThatIsDeletedAndMadeAgainKnowsNothingOfTheFirst(String name) throws Exception {
        List<?> first;
        Hosts.Hosted<?> hosted = Hosts.of(name, SPEC, false);
        try (var host = hosted.host()) {
            host.run(Fixtures.running(SPEC));
            first = hosted.feed();
            host.run(RunRecord.newBuilder().setRun(Fixtures.RUN).build());
            host.run(Fixtures.running(SPEC));
            assertEquals(first, hosted.feed());
        }
    }
}
