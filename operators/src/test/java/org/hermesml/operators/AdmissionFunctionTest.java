package org.hermesml.operators;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.hermesml.core.log.UpdateIds;
import org.hermesml.core.log.VerdictLog;
import org.hermesml.core.message.EndReason;
import org.hermesml.core.message.RunPhase;
import org.hermesml.core.message.RunRecord;
import org.hermesml.core.message.RunSpec;
import org.hermesml.core.message.UpdateForm;
import org.hermesml.core.message.Verdict;
import org.hermesml.core.state.RunEvent;
import org.hermesml.core.state.Ticket;
import org.hermesml.core.state.VerdictLogState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdmissionFunctionTest {
    private static final AtomicLong LIFE = new AtomicLong();
    private static final RunSpec SPEC = Fixtures.spec(Map.of("push_deadline", "10s"));

    private VerdictLogState log = VerdictLog.EMPTY;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aRequestToStopEndsTheRunOnce(boolean restoreAlways) throws Exception {
        try (var host = Hosts.admission(() -> 0, restoreAlways)) {
            host.run(Fixtures.running(SPEC));
            host.feed(Hosts.joined());
            host.run(Fixtures.record(SPEC, RunPhase.STOPPING));
            List<Verdict> after = host.feed(Hosts.joined());
            assertEquals(List.of(), after, "the broadcast itself made the run end");
            assertEquals(1, host.all().size());
            assertEquals(EndReason.STOPPED, host.all().get(0).getEnd().getReason());
        }
    }

    @Test
    void aRunThatWasStoppedBeforeItsFirstRecordEndsWithThat() throws Exception {
        try (var host = Hosts.admission(() -> 0, false)) {
            host.run(Fixtures.record(SPEC, RunPhase.STOPPING));
            assertTrue(host.feed(Hosts.joined()).get(0).hasEnd());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aDeadlineOutlivesARestore(boolean restoreAlways) throws Exception {
        try (var host = Hosts.admission(() -> 0, restoreAlways)) {
            host.run(Fixtures.running(SPEC));
            host.feed(Hosts.joined());
            host.feed(Events.of(Hosts.ticket(SPEC)));
            host.restore();
            assertEquals(List.of(), host.timeIs(9_000));
            assertTrue(host.timeIs(10_000).get(0).hasRefused());
        }
    }

    @Test
    void aRestoredFunctionReadsTheLogUpToItsOwnMarkBeforeItDecides() throws Exception {
        LIFE.set(7);
        try (var host = Hosts.admission(LIFE::get, false)) {
            host.run(Fixtures.running(SPEC));
            Verdict first = host.feed(Hosts.joined()).get(0);
            assertTrue(first.hasResumed());
            assertEquals(7, first.getLife());
            assertEquals(List.of(), initialModel(host), "its mark is not read back yet");
            Verdict initial = host.feed(entry(first)).get(0);
            assertEquals(UpdateIds.INITIAL, initial.getAdmitted().getId());

            LIFE.set(9);
            host.restore();
            List<Verdict> again = host.feed(entry(initial));
            assertEquals(1, again.size());
            assertEquals(9, again.get(0).getLife());
            assertTrue(again.get(0).hasResumed());
        }
    }

    @Test
    void aRunThatIsMadeAgainUnderTheSameNameGetsItsInitialModelAnew() throws Exception {
        try (var host = Hosts.admission(() -> 0, false)) {
            for (int time = 0; time < 2; time++) {
                host.run(Fixtures.running(SPEC));
                host.feed(Hosts.joined());
                Verdict initial = initialModel(host).get(0);
                assertEquals(UpdateIds.INITIAL, initial.getAdmitted().getId());
                host.run(RunRecord.newBuilder().setRun(Fixtures.RUN).build());
            }
        }
    }

    private static List<Verdict> initialModel(FunctionHost<RunEvent, Verdict> host)
            throws Exception {
        Ticket.Builder ticket =
                Ticket.newBuilder()
                        .setRun(Fixtures.RUN)
                        .setId(UpdateIds.INITIAL)
                        .setForm(UpdateForm.WEIGHTS)
                        .setSliceCount(2)
                        .setCount(5);
        host.feed(Events.of(ticket.build()));
        return host.feed(Events.of(ticket.setSlice(1).setShard(1).setFirst(5).build()));
    }

    private RunEvent entry(Verdict verdict) {
        VerdictLog.Step step = VerdictLog.apply(log, verdict);
        log = step.state();
        return Events.of(step.entry());
    }
}
