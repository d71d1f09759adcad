package org.hermesml.simulator.world;

import java.util.Arrays;
import java.util.function.Supplier;
import org.hermesml.core.Protocol;
import org.hermesml.core.log.UpdateIds;
import org.hermesml.core.message.Allocation;
import org.hermesml.core.message.Directive;
import org.hermesml.core.message.Goodbye;
import org.hermesml.core.message.Hello;
import org.hermesml.core.message.IterationReport;
import org.hermesml.core.message.Outcome;
import org.hermesml.core.message.PushState;
import org.hermesml.core.message.Ready;
import org.hermesml.core.message.Release;
import org.hermesml.core.message.Report;
import org.hermesml.core.message.UpdateId;
import org.hermesml.core.method.PushRule.Observation;
import org.hermesml.core.method.PushRule.PushStep;
import org.hermesml.core.wire.Unsent;
import org.hermesml.core.wire.Values;
import org.hermesml.simulator.RunTrace.Kind;
import org.hermesml.simulator.learning.Learning;
import org.hermesml.simulator.learning.Learning.Bout;
import org.hermesml.simulator.learning.Learning.Trained;
import org.hermesml.simulator.testbed.Device;
import org.hermesml.training.Engine.Evaluation;
import org.hermesml.training.TrainingException;

/**
 * A device that takes part in a run, as edge-worker's session does: hello, data, model, and then
 * iterations with their reports and pushes until the run is over. Each wait is a phase, and what
 * ends it an event.
 */
final class SimulatedWorker {
    private final String name;
    private final Device device;
    private final EventQueue events;
    private final RunPlan plan;
    private final Learning learning;
    private final SimulatedServer server;
    private final Line line;
    private final Speed speed;
    private final Timeline timeline = new Timeline();
    private final Traffic traffic = new Traffic();
    private final WorkerListener listener;

    private Phase phase = Phase.AWAY;
    private long incarnation;
    private Inbox inbox;
    private DeviceBlocks blocks;
    private LocalWeights weights;
    private PushState push;
    private Allocation present;
    private long baseVersion;
    private long clock;
    private IterationReport said;
    private Ready asked;
    private Iteration iteration;
    private long iterations;
    private long pushes;

    /** An iteration that is under way. */
    private record Iteration(
            int samples,
            Allocation allocation,
            long startNs,
            double seconds,
            Supplier<Trained> trained,
            PushStep step,
            Trained result) {
        Iteration with(PushStep decided, Trained done) {
            return new Iteration(samples, allocation, startNs, seconds, trained, decided, done);
        }
    }

    /** Who watches devices. */
    interface WorkerListener {
        void allocated(String worker, Allocation allocation);

        /**
         * All slices of an update are at the server.
         *
         * @param bytes of their records
         */
        void pushed(UpdateId id, float[] values, long bytes);
    }

    SimulatedWorker(
            Device device,
            EventQueue events,
            RunPlan plan,
            Learning learning,
            SimulatedServer server,
            Line line,
            long seed,
            WorkerListener listener) {
        this.name = device.name();
        this.device = device;
        this.events = events;
        this.plan = plan;
        this.learning = learning;
        this.server = server;
        this.line = line;
        this.listener = listener;
        this.speed =
                new Speed(
                        device.stepFixedMs(),
                        device.stepPerSampleMs(),
                        device.jitter(),
                        device.slowPhases(),
                        seed);
    }

    // ---- coming and going

    /** A process starts on the device; it knows nothing of any before it. */
    void start() {
        enter(Phase.JOINING, Kind.TRANSFERRING);
        traffic.restart();
        inbox = new Inbox();
        blocks = new DeviceBlocks(plan, device.dataMemoryBytes(), line, traffic, this::onBlock);
        weights =
                new LocalWeights(
                        plan.form(),
                        plan.learningRate(),
                        Unsent.of(plan.settings(), plan.form(), plan.slicing()));
        push = plan.pushRule().start();
        present = null;
        clock = 0;
        Report hello =
                report().setHello(Hello.newBuilder().setDataMemoryBytes(device.dataMemoryBytes()))
                        .setIncarnation(0)
                        .build();
        traffic.control(plan.sizes().report(name, hello));
        line.up(
                plan.sizes().report(name, hello),
                "hello",
                () -> {
                    incarnation = server.nextOffset();
                    server.report(hello, incarnation);
                },
                this::prepare);
    }

    /** The device is gone in the middle of whatever it does. */
    void vanish() {
        line.cut();
        iteration = null;
        weights = null;
        inbox = null;
        enter(Phase.AWAY, Kind.AWAY);
    }

    private void leave(String reason) {
        send(report().setGoodbye(Goodbye.newBuilder().setReason(reason)).build(), () -> {});
        weights = null;
        enter(Phase.LEFT, Kind.AWAY);
    }

    private void prepare() {
        enter(Phase.PREPARING, Kind.TRANSFERRING);
        long bytes = plan.sizes().definition() + plan.sizes().heldOut();
        line.fetch(
                bytes,
                "model definition and held-out samples",
                () -> {
                    traffic.dataDown(bytes);
                    enter(Phase.STARTING, Kind.WAITING);
                    look();
                });
    }

    // ---- being told

    /**
     * A directive for this worker or for all arrived.
     *
     * @param bytes of its record
     */
    void hear(Directive directive, Inbox.Version model, long bytes) {
        traffic.control(bytes);
        boolean forOther =
                !directive.getWorker().isEmpty() && directive.getIncarnation() != incarnation;
        if (forOther || phase == Phase.LEFT) {
            return;
        }
        inbox.take(directive, model);
        if (directive.hasAllocation()) {
            listener.allocated(name, directive.getAllocation());
        }
        look();
    }

    /** A record for somebody else, which all readers of the topic get. */
    void overhear(long bytes) {
        traffic.control(bytes);
        line.overhear(bytes);
    }

    boolean isPresent() {
        return phase != Phase.AWAY && phase != Phase.LEFT;
    }

    Line line() {
        return line;
    }

    /** Goes on where what is awaited is there now. */
    private void look() {
        if (inbox.isDismissed()) {
            leave("dismissed");
            return;
        }
        switch (phase) {
            case STARTING -> {
                if (inbox.allocation() != null && inbox.newest() != null) {
                    pull(0);
                }
            }
            case AWAITING_DATA -> iterate();
            case AWAITING_RELEASE -> {
                Release release = inbox.release(clock);
                if (release != null) {
                    finish(release.getPush());
                }
            }
            case AWAITING_OUTCOME -> {
                Outcome outcome = inbox.outcome(clock);
                if (outcome != null) {
                    pull(outcome.getIterations());
                }
            }
            default -> {}
        }
    }

    private void pull(int iterationsTold) {
        enter(Phase.PULLING, Kind.TRANSFERRING);
        Inbox.Version version = inbox.newest();
        line.fetch(
                plan.sizes().model(),
                "model",
                () -> {
                    traffic.modelsDown(plan.sizes().model());
                    weights.pulled(version.weights());
                    push = plan.pushRule().pulled(push, iterationsTold);
                    baseVersion = version.version();
                    iterate();
                });
    }

    // ---- iterating

    private void onBlock() {
        if (phase == Phase.AWAITING_DATA) {
            iterate();
        }
    }

    private void iterate() {
        Allocation allocation = inbox.allocation();
        if (!allocation.equals(present)) {
            present = allocation;
            blocks.want(allocation.getBlocksList());
        }
        if (!blocks.isEnough(plan.prefetch() ? allocation.getSamples() : Integer.MAX_VALUE)) {
            enter(Phase.AWAITING_DATA, Kind.TRANSFERRING);
            return;
        }
        clock++;
        enter(Phase.TRAINING, Kind.TRAINING);
        int[] drawn = blocks.draw(allocation, clock);
        Bout bout =
                new Bout(
                        weights.weights(),
                        drawn,
                        allocation.getEpochs(),
                        allocation.getMiniBatch(),
                        DeviceBlocks.seed(allocation, clock),
                        plan.measure());
        long startNs = events.nowNs();
        long endNs =
                speed.trained(
                        startNs, drawn.length, allocation.getMiniBatch(), allocation.getEpochs());
        iteration =
                new Iteration(
                        drawn.length,
                        allocation,
                        startNs,
                        (endNs - startNs) / 1e9,
                        learning.train(bout),
                        null,
                        null);
        line.later(endNs, "trained", this::trained);
    }

    private void trained() {
        Trained done;
        try {
            done = iteration.trained().get();
        } catch (TrainingException e) {
            leave(e.getMessage());
            return;
        }
        iterations++;
        weights.trained(done.weights(), plan.pushRule().usesUpdateNorm());
        iteration = iteration.with(null, done);
        if (done.heldOut() == null) {
            decide();
            return;
        }
        enter(Phase.EVALUATING, Kind.EVALUATING);
        line.later(
                speed.evaluated(events.nowNs(), plan.measuredSamples()), "evaluated", this::decide);
    }

    private void decide() {
        Evaluation heldOut = iteration.result().heldOut();
        Observation seen =
                new Observation(
                        heldOut == null ? Double.NaN : heldOut.loss(),
                        heldOut == null ? Double.NaN : heldOut.accuracy(),
                        weights.norm());
        PushStep step = plan.pushRule().observe(push, seen);
        iteration = iteration.with(step, iteration.result());
        if (step.wish().waitsForRelease()) {
            asked =
                    Ready.newBuilder()
                            .setClock(clock)
                            .setWants(step.wish() == org.hermesml.core.method.PushRule.Wish.ASK)
                            .build();
            enter(Phase.AWAITING_RELEASE, Kind.WAITING);
            ask();
        } else {
            finish(step.push());
        }
    }

    private void finish(boolean pushes) {
        said = iterationReport(pushes);
        push = iteration.step().next();
        iteration = null;
        enter(Phase.SENDING, Kind.TRANSFERRING);
        if (!pushes) {
            send(report().setIteration(said).build(), this::iterate);
            return;
        }
        this.pushes++;
        UpdateId id = UpdateIds.of(name, incarnation, clock);
        float[] values = Values.travelled(weights.update(), plan.updateType(), plan.slicing());
        long[] sizes = plan.sizes().update(name);
        int[] acknowledged = new int[1];
        for (int i = 0; i < sizes.length; i++) {
            int slice = i;
            traffic.updatesUp(sizes[i]);
            line.up(
                    sizes[i],
                    "slice of an update",
                    () -> arrive(id, values, slice, sizes),
                    () -> {
                        acknowledged[0]++;
                        if (acknowledged[0] == sizes.length) {
                            commit();
                        }
                    });
        }
    }

    /** Of a model that only travels in thought, its real slices arrive with the last record. */
    private void arrive(UpdateId id, float[] values, int slice, long[] sizes) {
        if (server.sliceCount() == sizes.length) {
            server.slice(id, plan.form(), values, slice, sizes[slice]);
        } else if (slice == sizes.length - 1) {
            for (int i = 0; i < server.sliceCount(); i++) {
                server.slice(id, plan.form(), values, i, sizes[slice]);
            }
        }
        if (slice == sizes.length - 1) {
            listener.pushed(id, values, Arrays.stream(sizes).sum());
        }
    }

    /** All slices are acknowledged: the report commits the push. */
    private void commit() {
        said = said.toBuilder().setBytes(traffic.ofThisLife()).build();
        send(
                report().setIteration(said).build(),
                () -> {
                    enter(Phase.AWAITING_OUTCOME, Kind.WAITING);
                    sayAgainLater(clock);
                    look();
                });
    }

    /** A worker that waits, at a barrier for instance, must not look like one that is gone. */
    private void sayAgainLater(long ofClock) {
        line.later(
                events.nowNs() + plan.patienceMs() * 1_000_000,
                "patience is over",
                () -> {
                    if (clock != ofClock) {
                        return;
                    }
                    if (phase == Phase.AWAITING_OUTCOME) {
                        send(report().setIteration(said).build(), () -> sayAgainLater(ofClock));
                    } else if (phase == Phase.AWAITING_RELEASE) {
                        ask();
                    }
                });
    }

    private void ask() {
        long ofClock = clock;
        send(report().setReady(asked).build(), () -> sayAgainLater(ofClock));
    }

    private void send(Report report, Runnable acknowledged) {
        long bytes = plan.sizes().report(name, report);
        traffic.control(bytes);
        line.up(bytes, "report", () -> server.report(report, server.nextOffset()), acknowledged);
    }

    private Report.Builder report() {
        return Report.newBuilder()
                .setProtocol(Protocol.VERSION)
                .setRun(plan.spec().getRun())
                .setWorker(name)
                .setIncarnation(incarnation);
    }

    private IterationReport iterationReport(boolean pushes) {
        Evaluation heldOut = iteration.result().heldOut();
        return IterationReport.newBuilder()
                .setClock(clock)
                .setBaseVersion(baseVersion)
                .setTrainLoss(iteration.result().loss())
                .setHeldOutLoss(heldOut == null ? Double.NaN : heldOut.loss())
                .setHeldOutAccuracy(heldOut == null ? Double.NaN : heldOut.accuracy())
                .setUpdateNorm(weights.norm())
                .setSeconds(iteration.seconds())
                .setSamples(iteration.samples())
                .setMiniBatch(iteration.allocation().getMiniBatch())
                .setEpochs(iteration.allocation().getEpochs())
                .setBefore(push)
                .setPush(pushes)
                .setZ(iteration.step().z())
                .setThreshold(iteration.step().threshold())
                .setSliceCount(pushes ? plan.sizes().update(name).length : 0)
                .setAllocation(iteration.allocation().getGeneration())
                .setResidentBlocks(blocks.count())
                .setBytes(traffic.ofThisLife())
                .build();
    }

    // ---- for whoever watches

    private void enter(Phase next, Kind kind) {
        phase = next;
        timeline.enter(kind, events.nowNs());
    }

    Phase phase() {
        return phase;
    }

    String name() {
        return name;
    }

    /** The update of which it awaits the outcome, or would. */
    UpdateId update() {
        return UpdateIds.of(name, incarnation, clock);
    }

    Timeline timeline() {
        return timeline;
    }

    Traffic traffic() {
        return traffic;
    }

    long iterations() {
        return iterations;
    }

    long pushes() {
        return pushes;
    }
}
