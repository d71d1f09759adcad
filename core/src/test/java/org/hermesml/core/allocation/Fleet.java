package org.hermesml.core.allocation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.hermesml.core.allocation.AllocationRule.Assigned;
import org.hermesml.core.message.Allocation;
import org.hermesml.core.message.Hello;
import org.hermesml.core.message.IterationReport;
import org.hermesml.core.settings.Settings;
import org.hermesml.core.state.AccountedReport;
import org.hermesml.core.state.AllocationState;
import org.hermesml.core.state.Membership;
import org.hermesml.core.state.MembershipChange;
import org.hermesml.core.state.RunEvent;
import org.hermesml.core.state.WorkerLoad;

/** Devices that do as they are told, and the rule that tells them. */
final class Fleet {
    /** As the released implementation, whose figures these are. */
    static final Settings FIVE_EPOCHS = asReleased();

    static final TrainingBlocks BLOCKS = TrainingBlocks.uniform(40, 300, 785);
    static final long AMPLE = 1L << 30;

    private static final Map<String, Double> STEPS =
            Map.of("a", 0.01, "b", 0.011, "c", 0.02, "d", 0.04);

    private final AllocationRule rule;
    private final TrainingBlocks blocks;
    private final Map<String, Allocation> told = new HashMap<>();
    private final Map<String, Double> lastStep = new HashMap<>();
    private final AllocationBook open = AllocationBook.empty();
    private AllocationState state = AllocationState.getDefaultInstance();
    private long incarnations;
    long nowMs;
    int changes;

    /** Of each iteration that is reported from now on; 0: none is told. */
    double overheadSeconds;

    String lastTold = "";

    Fleet(Settings settings, TrainingBlocks blocks) {
        this.rule = new AllocationRule(settings, blocks);
        this.blocks = blocks;
    }

    AllocationRule rule() {
        return rule;
    }

    AllocationState state() {
        return state;
    }

    Allocation allocation(String worker) {
        return told.get(worker);
    }

    double stepOf(String worker) {
        return STEPS.get(worker);
    }

    void join(String worker, long memoryBytes) {
        apply(membership(worker, ++incarnations, MembershipChange.JOINED, memoryBytes));
        assertTrue(told.containsKey(worker));
    }

    /** With samples of its own. */
    void joinWithOwn(String worker, int samples) {
        RunEvent.Builder event =
                membership(worker, ++incarnations, MembershipChange.JOINED, AMPLE).toBuilder();
        event.getMembershipBuilder().getHelloBuilder().setLocalSamples(samples);
        apply(event.build());
        assertTrue(told.containsKey(worker));
    }

    void leave(String worker, MembershipChange how) {
        apply(membership(worker, incarnation(worker), how, 0));
    }

    void isSilent(String worker, long silentMs) {
        RunEvent.Builder event =
                membership(worker, incarnation(worker), MembershipChange.SILENT, 0).toBuilder();
        event.getMembershipBuilder().setSilentMs(silentMs);
        apply(event.build());
    }

    /** One iteration at so many seconds a step, off by a fraction {@code noise}. */
    void iterate(String worker, double stepSeconds, double noise) {
        lastStep.put(worker, stepSeconds);
        double seconds = seconds(worker) * (1 + noise);
        RunEvent.Builder event =
                report(worker, incarnation(worker), told.get(worker), seconds).toBuilder();
        event.getReportBuilder().getIterationBuilder().setOverheadSeconds(overheadSeconds);
        apply(event.build());
    }

    double seconds(String worker) {
        Allocation a = told.get(worker);
        return a.getEpochs() * ((double) a.getSamples() / a.getMiniBatch()) * lastStep.get(worker);
    }

    private long incarnation(String worker) {
        return state.getWorkersOrThrow(worker).getIncarnation();
    }

    /** Who writes only what the book says has changed has the whole state. */
    private static AllocationState changesAreNamed(AllocationState before, AllocationBook book) {
        AllocationState after = book.state();
        Map<String, WorkerLoad> written = new HashMap<>(before.getWorkersMap());
        for (String worker : book.workers().changed()) {
            written.put(worker, book.workers().get(worker));
        }
        written.values().removeIf(Objects::isNull);
        assertEquals(written, after.getWorkersMap());
        return after;
    }

    private void apply(RunEvent event) {
        nowMs += 1_000;
        AllocationBook book = new AllocationBook(state);
        book.workers().forgetChanges();
        List<Assigned> all = rule.apply(book, event, nowMs);
        state = changesAreNamed(state, book);
        assertEquals(rule.apply(open, event, nowMs), all);
        assertEquals(open.state(), state);
        for (Assigned assigned : all) {
            lastTold = assigned.worker();
            Allocation before = told.put(assigned.worker(), assigned.allocation());
            boolean same = assigned.allocation().equals(before);
            assertTrue(
                    before == null
                            || same
                            || assigned.allocation().getGeneration() > before.getGeneration(),
                    "generations grow");
            changes += same ? 0 : 1;
            assertEquals(incarnation(assigned.worker()), assigned.incarnation());
        }
    }

    /** What must hold after every event. */
    void check() {
        Set<Integer> owned = new HashSet<>();
        boolean anybody = false;
        for (Map.Entry<String, WorkerLoad> e : state.getWorkersMap().entrySet()) {
            WorkerLoad load = e.getValue();
            if (!load.getLive()) {
                continue;
            }
            anybody |= !load.getOwnsNothing() && load.getLocalSamples() == 0;
            load.getOwnedList().forEach(b -> assertTrue(owned.add(b), "one owner for block " + b));
            Allocation a = load.getAllocation();
            assertEquals(a, told.get(e.getKey()), "what is kept was told");
            check(load, a);
        }
        assertEquals(anybody ? blocks.count() : 0, owned.size(), "every block has a live owner");
    }

    private void check(WorkerLoad load, Allocation a) {
        List<Integer> resident = a.getBlocksList();
        if (load.getLocalSamples() > 0) {
            assertEquals(List.of(), resident, "who has samples of its own gets no blocks");
            assertEquals(List.of(), load.getOwnedList());
            assertTrue(a.getSamples() <= load.getLocalSamples(), "n of its own: " + a);
            assertTrue(a.getSamples() >= a.getMiniBatch() && a.getMiniBatch() >= 1, a.toString());
            return;
        }
        assertEquals(resident.size(), new HashSet<>(resident).size(), "no block twice");
        assertTrue(resident.size() <= blocks.mostBlocks(load.getDataMemoryBytes()));
        assertTrue(a.getSamples() <= blocks.samples(resident), "n lies in memory: " + a);
        assertTrue(a.getSamples() >= a.getMiniBatch(), "one mini-batch at least: " + a);
        assertTrue(a.getMiniBatch() >= 1);
        if (load.getDataMemoryBytes() >= 10 * 400) {
            assertTrue(10 * blocks.samples(resident) <= load.getDataMemoryBytes(), "memory");
        }
        if (load.getOwnedCount() <= resident.size()) {
            assertTrue(resident.containsAll(load.getOwnedList()));
        } else {
            assertTrue(load.getOwnedList().containsAll(resident));
        }
    }

    static RunEvent membership(
            String worker, long incarnation, MembershipChange change, long memoryBytes) {
        Membership.Builder membership =
                Membership.newBuilder()
                        .setWorker(worker)
                        .setIncarnation(incarnation)
                        .setChange(change);
        if (change == MembershipChange.SILENT) {
            membership.setSilentMs(1_000_000);
        }
        if (change == MembershipChange.JOINED) {
            membership.setHello(Hello.newBuilder().setDataMemoryBytes(memoryBytes));
        }
        return RunEvent.newBuilder().setMembership(membership).build();
    }

    static RunEvent report(String worker, long incarnation, Allocation a, double seconds) {
        return RunEvent.newBuilder()
                .setReport(
                        AccountedReport.newBuilder()
                                .setWorker(worker)
                                .setIncarnation(incarnation)
                                .setIteration(
                                        IterationReport.newBuilder()
                                                .setSeconds(seconds)
                                                .setSamples(a.getSamples())
                                                .setMiniBatch(a.getMiniBatch())
                                                .setEpochs(a.getEpochs())
                                                .setAllocation(a.getGeneration())))
                .build();
    }

    /** Of the released implementation, and besides {@code more}, key before value. */
    static Settings asReleased(String... more) {
        Map<String, String> all =
                new HashMap<>(
                        Map.of(
                                "local_epochs",
                                "5",
                                "samples",
                                "2500",
                                "mini_batch",
                                "16",
                                "fill_memory",
                                "false",
                                "allocation_target",
                                "0.5",
                                "probe",
                                "1"));
        for (int i = 0; i < more.length; i += 2) {
            all.put(more[i], more[i + 1]);
        }
        return Settings.of(all);
    }

    static Fleet fourUnequal(Settings settings) {
        Fleet fleet = new Fleet(settings, BLOCKS);
        for (String worker : List.of("a", "b", "c", "d")) {
            fleet.join(worker, AMPLE);
        }
        return fleet;
    }
}
