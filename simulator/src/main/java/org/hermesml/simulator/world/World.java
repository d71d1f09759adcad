package org.hermesml.simulator.world;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.hermesml.core.log.UpdateIds;
import org.hermesml.core.message.Allocation;
import org.hermesml.core.message.ByteCounters;
import org.hermesml.core.message.Directive;
import org.hermesml.core.message.RunEnd;
import org.hermesml.core.message.RunSpec;
import org.hermesml.core.message.Score;
import org.hermesml.core.message.UpdateForm;
import org.hermesml.core.message.UpdateId;
import org.hermesml.core.state.ScoreBook;
import org.hermesml.simulator.RunTrace;
import org.hermesml.simulator.RunTrace.Allocated;
import org.hermesml.simulator.RunTrace.CurvePoint;
import org.hermesml.simulator.RunTrace.DeviceSpans;
import org.hermesml.simulator.RunTrace.Kind;
import org.hermesml.simulator.learning.Learning;
import org.hermesml.simulator.testbed.Absence;
import org.hermesml.simulator.testbed.Device;
import org.hermesml.simulator.testbed.EvaluatorSite;
import org.hermesml.simulator.testbed.TestBed;

/** All of one simulated run: server, devices, lines, and what is still to happen. One thread. */
public final class World {
    /** Events; with more devices one look for each of them. */
    private static final int LOOK_AT_WAITING_EVERY = 64;

    private final long seed;
    private final EventQueue events = new EventQueue();
    private final RunPlan plan;
    private final Invariants invariants;
    private final SimulatedServer server;
    private final SimulatedEvaluator evaluator;
    private final Directives directives;
    private final Map<String, SimulatedWorker> workers = new LinkedHashMap<>();
    private final List<CurvePoint> curve = new ArrayList<>();
    private final List<Allocated> allocations = new ArrayList<>();

    /** Versions that may become the result: the newest scored and the best. */
    private final Map<Long, float[]> candidates = new HashMap<>();

    private long happened;
    private double newestAccuracy = Double.NaN;

    /**
     * @param learning stays the caller's to close
     * @param seed of the devices' jitter; that of the run is in its settings
     */
    public World(TestBed testBed, RunSpec spec, Learning learning, long seed) {
        this.seed = seed;
        this.plan = RunPlan.of(spec, learning.travellingParameters());
        Map<String, Long> memory = new HashMap<>();
        testBed.devices().forEach(d -> memory.put(d.name(), d.dataMemoryBytes()));
        this.invariants = new Invariants(spec, memory);
        this.server =
                new SimulatedServer(events, spec, invariants, testBed.server().hopMs(), this::hear);
        Network network = new Network(events);
        Line.ServerLanes lanes =
                new Line.ServerLanes(
                        new Lane(testBed.server().inMbit()), new Lane(testBed.server().outMbit()));
        this.directives = new Directives(lanes.out());
        SplittableRandom random = new SplittableRandom(seed);
        EvaluatorSite site = testBed.evaluator();
        this.evaluator =
                new SimulatedEvaluator(
                        events,
                        plan,
                        learning,
                        new Line(events, network, lanes, site.link(), "evaluator"),
                        new Speed(
                                site.stepFixedMs(),
                                site.stepPerSampleMs(),
                                0,
                                List.of(),
                                random.nextLong()),
                        ~seed,
                        this::scored);
        for (Device device : testBed.devices()) {
            Line line = new Line(events, network, lanes, device.link(), device.name());
            workers.put(
                    device.name(),
                    new SimulatedWorker(
                            device,
                            events,
                            plan,
                            learning,
                            server,
                            line,
                            line.reader(directives),
                            random.nextLong(),
                            new Observer()));
        }
        events.at(0, "the run is published", "", () -> publish(learning.initialWeights()));
        events.at(0, "start", "evaluator", evaluator::start);
        testBed.devices().forEach(this::planLife);
    }

    private void publish(float[] initial) {
        for (int slice = 0; slice < server.sliceCount(); slice++) {
            server.slice(UpdateIds.INITIAL, UpdateForm.WEIGHTS, initial, slice, 0);
        }
    }

    private void planLife(Device device) {
        SimulatedWorker worker = workers.get(device.name());
        boolean there =
                device.absences().stream()
                        .noneMatch(a -> a.fromSeconds() <= 0 && a.toSeconds() > 0);
        if (there) {
            events.at(0, "start", device.name(), worker::start);
        }
        for (Absence absence : device.absences()) {
            if (absence.fromSeconds() > 0) {
                events.at(ns(absence.fromSeconds()), "vanish", device.name(), worker::vanish);
            }
            if (Double.isFinite(absence.toSeconds())) {
                events.at(ns(absence.toSeconds()), "start", device.name(), worker::start);
            }
        }
    }

    private static long ns(double seconds) {
        return Math.round(seconds * 1e9);
    }

    // ---- going on

    /** Whether the server has decided the end. */
    public boolean isOver() {
        return server.end() != null;
    }

    /**
     * Lets the next event happen.
     *
     * @throws BrokenInvariant naming seed, event and time, where something does not hold after it
     */
    public void step() {
        EventQueue.Event event = null;
        try {
            invariants.lives(events);
            event = events.next();
            event.action().run();
            happened++;
            if (happened % Math.max(LOOK_AT_WAITING_EVERY, workers.size()) == 0) {
                for (SimulatedWorker worker : workers.values()) {
                    if (worker.phase() == Phase.AWAITING_OUTCOME) {
                        invariants.waits(worker.update(), server.rules());
                    }
                }
            }
        } catch (RuntimeException e) {
            throw new BrokenInvariant(
                    "Seed "
                            + seed
                            + ", "
                            + (event == null ? seconds() + " s" : event.toString())
                            + ": "
                            + e.getMessage(),
                    e);
        }
    }

    public double seconds() {
        return events.nowNs() / 1e9;
    }

    /** Held-out accuracy of the newest score; NaN before the first. */
    public double newestAccuracy() {
        return newestAccuracy;
    }

    private void hear(Directive directive, Inbox.Version model) {
        String to = directive.getWorker();
        long bytes = plan.sizes().directive(to, directive);
        long nowNs = events.nowNs();
        if (!to.isEmpty()) {
            SimulatedWorker worker = workers.get(to);
            directives.write(bytes, worker.directives(), nowNs);
            if (worker.directives().isPresent()) {
                worker.line().down(bytes, "directive", () -> worker.hear(directive, model, bytes));
            }
        } else if (model != null && model.version() > 0) {
            directives.announce(model, bytes, nowNs);
        } else {
            // The first model is what all wait for.
            for (SimulatedWorker worker : workers.values()) {
                if (worker.directives().isPresent()) {
                    worker.line()
                            .down(bytes, "directive", () -> worker.hear(directive, model, bytes));
                }
            }
        }
        if (model != null) {
            evaluator
                    .line()
                    .down(bytes, "directive", () -> evaluator.hear(directive, model, bytes));
        } else {
            evaluator.overhear(bytes);
        }
    }

    private void scored(Score score, Inbox.Version version) {
        server.score(score);
        if (version == null) {
            return;
        }
        newestAccuracy = score.getAccuracy();
        candidates.put(version.version(), version.weights());
        ScoreBook book = server.rules().admission().run().getScores();
        candidates
                .keySet()
                .removeIf(
                        v ->
                                v + 1 != book.getNewestVersionPlusOne()
                                        && v + 1 != book.getBestVersionPlusOne());
        ByteCounters bytes = bytes();
        curve.add(
                new CurvePoint(
                        seconds(),
                        score.getAccuracy(),
                        bytes.getUpdatesUp() + bytes.getModelsDown()));
    }

    private final class Observer implements WorkerListener {
        @Override
        public void allocated(String worker, Allocation allocation) {
            allocations.add(
                    new Allocated(
                            seconds(), worker, allocation.getSamples(), allocation.getMiniBatch()));
        }

        @Override
        public void pushed(UpdateId id, float[] values, long bytes) {
            if (plan.scoresUpdates() || plan.auditsUpdates()) {
                evaluator.update(id, values, bytes);
            }
        }

        @Override
        public void committed(UpdateId id, double heldOutLoss, long bytes) {
            if (plan.auditsUpdates()) {
                evaluator.report(id, heldOutLoss, bytes);
            }
        }
    }

    // ---- what came of it

    /** Null while the run lasts. */
    public RunEnd end() {
        return server.end();
    }

    /** Weights of the version that the run ended with; null where there is none. */
    public float[] result() {
        float[] best = candidates.get(server.end().getBestVersion());
        return best != null || server.newest() == null ? best : server.newest().weights();
    }

    /** Workers that the server has expelled, in order of names. */
    public List<String> expelled() {
        return server.rules().admission().trust().expelled();
    }

    /** Newest version; -1 before the first. */
    public long version() {
        return server.rules().log().version();
    }

    /** Of all workers together. */
    public ByteCounters bytes() {
        ByteCounters.Builder sum = ByteCounters.newBuilder();
        for (SimulatedWorker worker : workers.values()) {
            ByteCounters one = worker.traffic().total();
            sum.setUpdatesUp(sum.getUpdatesUp() + one.getUpdatesUp())
                    .setModelsDown(sum.getModelsDown() + one.getModelsDown())
                    .setDataDown(sum.getDataDown() + one.getDataDown())
                    .setControl(sum.getControl() + one.getControl());
        }
        return sum.build();
    }

    public long evaluatorBytes() {
        return evaluator.bytes();
    }

    public long iterations() {
        return workers.values().stream().mapToLong(SimulatedWorker::iterations).sum();
    }

    public long pushes() {
        return workers.values().stream().mapToLong(SimulatedWorker::pushes).sum();
    }

    /** Events that happened. */
    public long events() {
        return happened;
    }

    /** Of the time that devices were there, the part in which they waited for others. */
    public double waitingShare() {
        long waiting = 0;
        long present = 0;
        for (SimulatedWorker worker : workers.values()) {
            worker.timeline().close(events.nowNs());
            waiting += worker.timeline().totalNs(Kind.WAITING);
            present += worker.timeline().presentNs();
        }
        return present == 0 ? 0 : (double) waiting / present;
    }

    public RunTrace trace() {
        List<DeviceSpans> devices = new ArrayList<>();
        for (SimulatedWorker worker : workers.values()) {
            worker.timeline().close(events.nowNs());
            devices.add(new DeviceSpans(worker.name(), worker.timeline().spans()));
        }
        return new RunTrace(curve, devices, allocations);
    }
}
