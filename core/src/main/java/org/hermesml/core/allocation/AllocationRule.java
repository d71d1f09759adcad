package org.hermesml.core.allocation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.hermesml.core.Protocol;
import org.hermesml.core.account.Silence;
import org.hermesml.core.allocation.AllocationRound.Changes;
import org.hermesml.core.allocation.DualSearch.Fit;
import org.hermesml.core.message.Allocation;
import org.hermesml.core.message.Directive;
import org.hermesml.core.message.IterationReport;
import org.hermesml.core.message.PushState;
import org.hermesml.core.settings.Settings;
import org.hermesml.core.state.Membership;
import org.hermesml.core.state.RunEvent;
import org.hermesml.core.state.WorkerLoad;

/**
 * Which data each worker trains on, and how much of it: blocks, n, b and the seed of its draws.
 * Reacts to workers that come and go and to the times of their iterations; takes no notice of any
 * other event.
 *
 * <p>Every block has exactly one live owner while anybody lives. A worker holds what it owns, as
 * far as it fits its memory; n never exceeds what it holds. One that trains on samples of its own
 * gets no blocks. A worker is fitted once it has reported; {@code official} fits nobody before
 * every live worker has.
 *
 * <p>The same events from the same book give the same allocations on every host. Safe for any
 * number of threads.
 */
public final class AllocationRule {
    /**
     * A new allocation and the life of the worker that it is for.
     *
     * @param begin what the worker's push rule begins with, where this answers the hello of one
     *     that was here before
     */
    public record Assigned(
            String worker, long incarnation, Allocation allocation, Optional<PushState> begin) {
        private Assigned withBegin(PushState first) {
            return new Assigned(worker, incarnation, allocation, Optional.of(first));
        }

        public Directive directive(String run) {
            Directive.Builder directive =
                    Directive.newBuilder()
                            .setProtocol(Protocol.VERSION)
                            .setRun(run)
                            .setWorker(worker)
                            .setIncarnation(incarnation)
                            .setAllocation(allocation);
            begin.ifPresent(directive::setBegin);
            return directive.build();
        }
    }

    private final Settings settings;
    private final boolean official;
    private final boolean probes;
    private final TrainingBlocks blocks;
    private final Residents residents;
    private final Members members;
    private final AllocationRound round;
    private final Measurements measurements;

    public AllocationRule(Settings settings, TrainingBlocks blocks) {
        this.settings = settings;
        this.official = settings.get(Settings.METHOD).equals("official");
        this.probes =
                !official && settings.get(Settings.ALLOCATION) && settings.get(Settings.PROBE) < 1;
        this.blocks = blocks;
        boolean alike = settings.get(Settings.PARTITION).equals("iid");
        this.residents = new Residents(blocks, settings.get(Settings.FILL_MEMORY), alike);
        long startPatienceMs = settings.get(Settings.START_PATIENCE).toMillis();
        this.members = new Members(blocks, residents, startPatienceMs, alike);
        this.round = new AllocationRound(settings);
        this.measurements = new Measurements(settings, blocks);
    }

    /**
     * Where it throws, {@code book} is spoilt.
     *
     * @return what changed, by worker name; and what a worker that joined or returned has to be
     *     told again
     */
    public List<Assigned> apply(AllocationBook book, RunEvent event, long nowMs) {
        switch (event.getEventCase()) {
            case MEMBERSHIP -> {
                return membership(book, event.getMembership(), nowMs);
            }
            case REPORT -> {
                if (event.getReport().hasIteration()) {
                    book.run().setLastProgressMs(nowMs);
                    return iteration(
                            book,
                            event.getReport().getWorker(),
                            event.getReport().getIncarnation(),
                            event.getReport().getIteration());
                }
            }
            case READY, ALIVE -> book.run().setLastProgressMs(nowMs);
            default -> {}
        }
        return List.of();
    }

    // ---- who is there

    private List<Assigned> membership(AllocationBook book, Membership m, long nowMs) {
        switch (m.getChange()) {
            case JOINED, RETURNED -> {
                book.run().setLastProgressMs(nowMs);
                return changed(book, m, true, nowMs);
            }
            case LEFT, EXPELLED -> {
                return changed(book, m, false, nowMs);
            }
            case SILENT -> {
                long progressMs = book.run().getLastProgressMs();
                return Silence.isItsOwn(nowMs, progressMs, m.getSilentMs())
                        ? changed(book, m, false, nowMs)
                        : List.of();
            }
            default -> {
                return List.of();
            }
        }
    }

    private List<Assigned> changed(AllocationBook book, Membership m, boolean here, long nowMs) {
        WorkerLoad known = book.workers().get(m.getWorker());
        if (known == null ? !here : m.getIncarnation() < known.getIncarnation()) {
            return List.of();
        }
        TreeMap<String, WorkerLoad> loads = new TreeMap<>(book.workers().asMap());
        loads.put(
                m.getWorker(),
                members.changed(
                        known == null ? WorkerLoad.getDefaultInstance() : known, m, here, nowMs));
        Map<String, Fit> wanted = new LinkedHashMap<>();
        shareOut(book, loads, m.getWorker(), wanted);
        Members.forget(loads);
        wanted.keySet().retainAll(loads.keySet());
        List<Assigned> assigned = assign(book, loads, wanted, here ? m.getWorker() : "");
        book.replaceAll(loads);
        return m.hasPush() ? withBegin(assigned, m.getWorker(), m.getPush()) : assigned;
    }

    private static List<Assigned> withBegin(
            List<Assigned> assigned, String worker, PushState begin) {
        return assigned.stream()
                .map(a -> a.worker().equals(worker) ? a.withBegin(begin) : a)
                .toList();
    }

    /**
     * After a change of {@code worker}: every block has an owner. Whose blocks are as they were has
     * what it would get.
     */
    private void shareOut(
            AllocationBook before,
            TreeMap<String, WorkerLoad> loads,
            String worker,
            Map<String, Fit> wanted) {
        members.shareOut(loads);
        loads.forEach(
                (of, load) -> {
                    boolean touched = of.equals(worker) || !load.equals(before.workers().get(of));
                    if (load.getLive() && touched) {
                        wanted.put(of, standing(load));
                    }
                });
    }

    // ---- how fast they are

    private List<Assigned> iteration(
            AllocationBook book, String worker, long incarnation, IterationReport report) {
        WorkerLoad known = book.workers().get(worker);
        if (known == null || !known.getLive() || known.getIncarnation() != incarnation) {
            return List.of();
        }
        boolean underPresent = report.getAllocation() >= known.getFittedGeneration();
        WorkerLoad load =
                known.toBuilder()
                        .clearTimes()
                        .addAllTimes(StepTimes.with(known.getTimesList(), report))
                        .setOverheadSeconds(overhead(known, report))
                        .setStartingSinceMs(0)
                        .setOwnsNothing(false)
                        .setIterations(known.getIterations() + 1)
                        .setIterationsSinceChange(
                                known.getIterationsSinceChange() + (underPresent ? 1 : 0))
                        .build();
        Map<String, Fit> wanted = new LinkedHashMap<>();
        if (residents.rotates(load)
                && load.getIterations() % settings.get(Settings.ROTATE_EVERY) == 0) {
            load = residents.rotated(load);
            wanted.put(worker, standing(load));
        }
        Map<String, WorkerLoad> changed = new HashMap<>();
        changed.put(worker, load);
        if (known.getOwnsNothing()) {
            TreeMap<String, WorkerLoad> shared = new TreeMap<>(book.workers().asMap());
            shared.put(worker, load);
            shareOut(book, shared, worker, wanted);
            changed.putAll(shared);
        }
        book.putAll(changed);
        fit(book, wanted);
        changed.clear();
        wanted.keySet().forEach(of -> changed.put(of, book.workers().get(of)));
        List<Assigned> assigned = assign(book, changed, wanted, "");
        book.putAll(changed);
        return assigned;
    }

    private static double overhead(WorkerLoad known, IterationReport report) {
        double seconds = report.getOverheadSeconds();
        return Double.isFinite(seconds) && seconds > 0 ? seconds : known.getOverheadSeconds();
    }

    private void fit(AllocationBook book, Map<String, Fit> wanted) {
        if (!settings.get(Settings.ALLOCATION)) {
            return;
        }
        MeasuredLoads measured = book.measured(measurements);
        if (!measured.mayChange() || official && !measured.isComplete()) {
            return;
        }
        double firstTarget = book.run().getFirstTargetSeconds();
        Changes decision = round.changes(measured.standings(), firstTarget);
        wanted.putAll(decision.fits());
        if (!(firstTarget > 0)) {
            book.run().setFirstTargetSeconds(decision.targetSeconds());
        }
    }

    // ---- what they are told

    /** What the worker has, or starts with, as far as its memory and the data allow. */
    private Fit standing(WorkerLoad load) {
        int most = blocks.mostSamples(load);
        boolean fresh = !load.hasAllocation();
        Allocation old = load.getAllocation();
        int b = fresh ? settings.get(Settings.MINI_BATCH) : old.getMiniBatch();
        int n = fresh ? Math.max(b, firstSamples()) : old.getSamples();
        String reason = fresh ? probes ? "to learn its speed" : "as set" : old.getReason();
        if (n > most) {
            reason = "memory and data allow no more than " + most + " samples";
        }
        return new Fit(Math.min(n, most), Math.min(b, most), Double.NaN, reason);
    }

    private int firstSamples() {
        int samples = settings.get(Settings.SAMPLES);
        return probes ? (int) Math.ceil(settings.get(Settings.PROBE) * samples) : samples;
    }

    /**
     * @param loads of all that are in {@code wanted} at least; changed to what they get
     */
    private List<Assigned> assign(
            AllocationBook book,
            Map<String, WorkerLoad> loads,
            Map<String, Fit> wanted,
            String toldAnyway) {
        long generation = book.run().getGeneration();
        List<Assigned> assigned = new ArrayList<>();
        for (Map.Entry<String, Fit> entry : new TreeMap<>(wanted).entrySet()) {
            String worker = entry.getKey();
            WorkerLoad load = loads.get(worker);
            Allocation next = allocation(worker, load, entry.getValue(), generation + 1);
            if (!isSame(load.getAllocation(), next)) {
                generation++;
                loads.put(worker, changed(worker, load, next));
                assigned.add(new Assigned(worker, load.getIncarnation(), next, Optional.empty()));
            } else if (worker.equals(toldAnyway)) {
                assigned.add(
                        new Assigned(
                                worker,
                                load.getIncarnation(),
                                load.getAllocation(),
                                Optional.empty()));
            }
        }
        book.run().setGeneration(generation);
        return assigned;
    }

    private Allocation allocation(String worker, WorkerLoad load, Fit fit, long generation) {
        long seed = WorkerSeed.of(settings.get(Settings.SEED), worker);
        int samples = residents.drawn(load, fit.samples());
        return Allocation.newBuilder()
                .setGeneration(generation)
                .addAllBlocks(residents.of(residents.withBorrowed(load, fit.samples(), seed)))
                .setSamples(samples)
                .setMiniBatch(Math.min(fit.miniBatch(), samples))
                .setEpochs(settings.get(Settings.LOCAL_EPOCHS))
                .setSeed(seed)
                .setReason(fit.reason())
                .build();
    }

    private WorkerLoad changed(String worker, WorkerLoad load, Allocation next) {
        long seed = WorkerSeed.of(settings.get(Settings.SEED), worker);
        WorkerLoad.Builder changed =
                residents.withBorrowed(load, next.getSamples(), seed).toBuilder()
                        .setAllocation(next);
        Allocation old = load.getAllocation();
        boolean refitted =
                load.hasAllocation()
                        && (old.getSamples() != next.getSamples()
                                || old.getMiniBatch() != next.getMiniBatch());
        if (refitted) {
            changed.setFittedGeneration(next.getGeneration()).setIterationsSinceChange(0);
        }
        return changed.build();
    }

    private static boolean isSame(Allocation a, Allocation b) {
        return a.toBuilder()
                .setGeneration(0)
                .setReason("")
                .build()
                .equals(b.toBuilder().setGeneration(0).setReason("").build());
    }
}
