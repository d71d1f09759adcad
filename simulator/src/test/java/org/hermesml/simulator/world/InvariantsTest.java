package org.hermesml.simulator.world;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.hermesml.core.admission.AdmissionBook;
import org.hermesml.core.log.UpdateIds;
import org.hermesml.core.message.Admitted;
import org.hermesml.core.message.Allocation;
import org.hermesml.core.message.BlockAddress;
import org.hermesml.core.message.DataIndex;
import org.hermesml.core.message.Directive;
import org.hermesml.core.message.Released;
import org.hermesml.core.message.RoundClosed;
import org.hermesml.core.message.RunSpec;
import org.hermesml.core.message.SampleType;
import org.hermesml.core.message.Verdict;
import org.hermesml.core.message.WorkerClock;
import org.hermesml.core.server.RunServer;
import org.hermesml.core.settings.Settings;
import org.hermesml.core.state.Member;
import org.hermesml.core.state.NumberedVerdict;
import org.junit.jupiter.api.Test;

/** Each invariant, kept and broken. */
class InvariantsTest {
    @Test
    void versionsGrowByOne() {
        Invariants invariants = of("hermes");
        invariants.published(0);
        invariants.published(1);
        breaks(() -> invariants.published(3), "version 3 follows version 1");
    }

    @Test
    void anUpdateIsMergedOnce() {
        Invariants invariants = of("asp");
        AdmissionBook state = AdmissionBook.empty();
        invariants.logged(admitted("a", 2), state);
        invariants.logged(admitted("b", 1), state);
        invariants.logged(admitted("a", 3), state);
        breaks(() -> invariants.logged(admitted("a", 3), state), "update a:1:3");
        breaks(() -> of("asp", admitted("a", 3)).logged(admitted("a", 2), state), "update a:1:2");
    }

    @Test
    void aRoundClosesWithAllWhoLive() {
        AdmissionBook state = members(Map.of("a", 5L, "b", 5L));
        Verdict.Builder closed =
                Verdict.newBuilder().setRoundClosed(RoundClosed.newBuilder().setRound(4));
        NumberedVerdict.Builder entry = NumberedVerdict.newBuilder().setVerdict(closed);
        entry.addSettled(UpdateIds.of("a", 1, 5));
        breaks(
                () -> of("bsp").logged(entry.build(), state),
                "round 4 closed without live worker b");
        assertDoesNotThrow(() -> of("fedbuff").logged(entry.build(), state));
        AdmissionBook asking = members(Map.of("a", 5L));
        asking.members().put("b", state.members().get("b").toBuilder().setReady(6).build());
        assertDoesNotThrow(
                () -> of("selsync").logged(entry.build(), asking),
                "it came after the round was called");
        entry.addSettled(UpdateIds.of("b", 1, 5));
        assertDoesNotThrow(() -> of("bsp").logged(entry.build(), state));
    }

    @Test
    void nobodyGoesOnTooFarAheadOfTheSlowest() {
        AdmissionBook state = members(Map.of("a", 7L, "b", 4L, "c", 8L));
        assertDoesNotThrow(() -> of("ssp").logged(admitted("a", 7), state));
        breaks(() -> of("ssp").logged(admitted("c", 8), state), "4 clocks ahead");
        NumberedVerdict released =
                NumberedVerdict.newBuilder()
                        .setVerdict(
                                Verdict.newBuilder()
                                        .setReleased(
                                                Released.newBuilder()
                                                        .putWorkers(
                                                                "c",
                                                                WorkerClock.newBuilder()
                                                                        .setClock(8)
                                                                        .build())))
                        .build();
        breaks(() -> of("ssp").logged(released, state), "4 clocks ahead");
    }

    @Test
    void anAllocationFitsMemoryAndData() {
        Invariants invariants = of("hermes");
        invariants.allocated("a", allocation(200, 16, 0, 1));
        breaks(() -> invariants.allocated("a", allocation(201, 16, 0, 1)), "to draw 201");
        breaks(() -> invariants.allocated("a", allocation(8, 16, 0, 1)), "mini-batches of 16");
        breaks(() -> invariants.allocated("a", allocation(8, 8, 0, 9)), "blocks [0, 9]");
        breaks(() -> invariants.allocated("a", allocation(8, 8, 0, 0)), "blocks [0, 0]");
        breaks(() -> invariants.allocated("a", allocation(8, 8, 0, 1, 2)), "for 1600 bytes");
    }

    @Test
    void whoWaitsIsKnownToTheServer() {
        RunServer server =
                new RunServer(
                        spec("asp"),
                        new SimulatedServer(
                                new EventQueue(), spec("asp"), of("asp"), 0, (d, m) -> heard(d)));
        breaks(
                () -> of("asp").waits(UpdateIds.of("a", 1, 2), server),
                "a:1:2, of which the server knows nothing");
    }

    @Test
    void aRunThatLivesHasSomethingToCome() {
        EventQueue events = new EventQueue();
        breaks(() -> of("asp").lives(events), "nothing is left to happen");
        events.at(3, "an event", "", () -> {});
        of("asp").lives(events);
    }

    @Test
    void timeNeverGoesBack() {
        EventQueue events = new EventQueue();
        events.at(5, "later", "", () -> {});
        events.next();
        events.at(4, "earlier", "a", () -> {});
        breaks(events::next, "earlier a");
    }

    private static void heard(Directive directive) {}

    private static Invariants of(String method, NumberedVerdict... before) {
        Invariants invariants = new Invariants(spec(method), Map.of("a", 1600L));
        for (NumberedVerdict entry : before) {
            invariants.logged(entry, AdmissionBook.empty());
        }
        return invariants;
    }

    /** Three blocks of 100 samples of 8 bytes: four features and a label. */
    private static RunSpec spec(String method) {
        DataIndex.Builder data =
                DataIndex.newBuilder()
                        .setType(SampleType.UINT8)
                        .addFeatureShape(4)
                        .setClassCount(2)
                        .setFeatureScale(1);
        for (int i = 0; i < 3; i++) {
            data.addTraining(BlockAddress.newBuilder().setCount(100));
        }
        return RunSpec.newBuilder()
                .setRun("run")
                .setParameterCount(3)
                .setData(data)
                .putAllSettings(
                        Settings.of(Map.of("method", method, "staleness_bound", "3")).toMap())
                .build();
    }

    private static NumberedVerdict admitted(String worker, long clock) {
        return NumberedVerdict.newBuilder()
                .setVerdict(
                        Verdict.newBuilder()
                                .setAdmitted(
                                        Admitted.newBuilder()
                                                .setId(UpdateIds.of(worker, 1, clock))))
                .build();
    }

    private static AdmissionBook members(Map<String, Long> clocks) {
        AdmissionBook book = AdmissionBook.empty();
        clocks.forEach(
                (worker, clock) ->
                        book.members()
                                .put(
                                        worker,
                                        Member.newBuilder()
                                                .setIncarnation(1)
                                                .setLive(true)
                                                .setClock(clock)
                                                .build()));
        return book;
    }

    private static Allocation allocation(int samples, int miniBatch, Integer... blocks) {
        return Allocation.newBuilder()
                .setSamples(samples)
                .setMiniBatch(miniBatch)
                .addAllBlocks(List.of(blocks))
                .build();
    }

    private static void breaks(Runnable act, String says) {
        BrokenInvariant broken = assertThrows(BrokenInvariant.class, act::run);
        assertTrue(broken.getMessage().contains(says), broken.getMessage());
    }
}
