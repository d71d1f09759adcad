package org.hermesml.simulator.world;

import org.hermesml.core.message.Activity;
import org.hermesml.core.message.Allocation;
import org.hermesml.core.message.Directive;
import org.hermesml.core.message.Hello;
import org.hermesml.core.message.IterationReport;
import org.hermesml.core.message.Outcome;
import org.hermesml.core.message.Progress;
import org.hermesml.core.message.Ready;
import org.hermesml.core.message.Release;
import org.hermesml.core.message.Restored;
import org.hermesml.core.message.UpdateId;
import org.hermesml.core.method.PushRule.PushStep;
import org.hermesml.core.method.PushRule.Wish;
import org.hermesml.core.settings.Settings;
import org.hermesml.simulator.RunTrace.Kind;
import org.hermesml.simulator.learning.Learning;
import org.hermesml.simulator.testbed.Device;
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
    private final Line line;
    private final Reader directives;
    private final Speed speed;
    private final Timeline timeline = new Timeline();
    private final Traffic traffic;
    private final Uplink uplink;
    private final WorkerListener listener;
    private final Poison poison;

    private Phase phase = Phase.AWAY;
    private long phaseSinceNs;
    private Inbox inbox;
    private DeviceTraining training;
    private long clock;
    private IterationReport said;
    private Ready asked;
    private long iterations;
    private long pushes;
    private Saved saved;
    private long saidNs;

    /** Who watches devices. */
    interface WorkerListener {
        void allocated(String worker, Allocation allocation);

        /**
         * All slices of an update are at the server.
         *
         * @param bytes of their records
         */
        void pushed(UpdateId id, float[] values, long bytes);

        /**
         * The report of an update is at the server.
         *
         * @param bytes of its record
         */
        void committed(UpdateId id, double heldOutLoss, long bytes);
    }

    SimulatedWorker(
            Device device,
            EventQueue events,
            RunPlan plan,
            Learning learning,
            SimulatedServer server,
            Line line,
            Reader directives,
            long seed,
            WorkerListener listener) {
        this.name = device.name();
        this.device = device;
        this.events = events;
        this.plan = plan;
        this.learning = learning;
        this.line = line;
        this.directives = directives;
        this.traffic = new Traffic(directives);
        this.uplink = new Uplink(name, plan, server, line, traffic, listener);
        this.listener = listener;
        this.poison = new Poison(device.hostile(), ~seed, plan.settings().get(Settings.SEED));
        this.speed =
                new Speed(
                        device.stepFixedMs(),
                        device.stepPerSampleMs(),
                        device.jitter(),
                        device.slowPhases(),
                        seed);
    }

    // ---- coming and going

    /** A process starts on the device; of any before it, it knows what that saved. */
    void start() {
        enter(Phase.JOINING, Kind.TRANSFERRING);
        traffic.restart();
        inbox = new Inbox();
        DeviceBlocks blocks =
                new DeviceBlocks(plan, device.dataMemoryBytes(), line, traffic, this::onBlock);
        training = new DeviceTraining(plan, learning, speed, blocks, poison);
        clock = 0;
        directives.follow(events.nowNs());
        Hello.Builder hello = Hello.newBuilder().setDataMemoryBytes(device.dataMemoryBytes());
        if (saved != null) {
            hello.setRestored(saved.restored());
        }
        uplink.hello(hello.build(), this::prepare);
    }

    /** The device is gone in the middle of whatever it does. */
    void vanish() {
        directives.leave();
        line.cut();
        training = null;
        inbox = null;
        enter(Phase.AWAY, Kind.AWAY);
    }

    private void leave(String reason) {
        directives.leave();
        uplink.goodbye(reason);
        training = null;
        saved = null;
        enter(Phase.LEFT, Kind.AWAY);
    }

    private void prepare() {
        enter(Phase.PREPARING, Kind.TRANSFERRING);
        said();
        showLater();
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
                !directive.getWorker().isEmpty()
                        && directive.getIncarnation() != uplink.incarnation();
        if (forOther || phase == Phase.LEFT) {
            return;
        }
        inbox.take(directive, model);
        if (directive.hasDismissal()) {
            vanish();
            enter(Phase.LEFT, Kind.AWAY);
            return;
        }
        if (directive.hasAllocation()) {
            listener.allocated(name, directive.getAllocation());
        }
        look();
    }

    Line line() {
        return line;
    }

    Reader directives() {
        return directives;
    }

    /** Goes on where what is awaited is there now. */
    private void look() {
        switch (phase) {
            case STARTING -> {
                if (inbox.allocation() != null && inbox.newest() != null) {
                    if (training.begin(inbox.begin(), saved)) {
                        iterate();
                    } else {
                        pull(0);
                    }
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
        inbox.take(directives.newest(events.nowNs()));
        Inbox.Version version = inbox.newest();
        line.fetch(
                plan.sizes().model(),
                "model",
                () -> {
                    traffic.modelsDown(plan.sizes().model());
                    training.pulled(version, inPhase(), iterationsTold);
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
        if (!training.hasDataFor(inbox.allocation())) {
            enter(Phase.AWAITING_DATA, Kind.TRANSFERRING);
            return;
        }
        clock++;
        enter(Phase.TRAINING, Kind.TRAINING);
        line.later(training.begin(clock, events.nowNs()), "trained", this::trained);
    }

    private void trained() {
        boolean evaluates;
        try {
            evaluates = training.trained();
        } catch (TrainingException e) {
            leave(e.getMessage());
            return;
        }
        iterations++;
        if (!evaluates) {
            decide();
            return;
        }
        enter(Phase.EVALUATING, Kind.EVALUATING);
        line.later(
                speed.evaluated(events.nowNs(), plan.measuredSamples()),
                "evaluated",
                () -> {
                    training.spent(inPhase());
                    decide();
                });
    }

    private void decide() {
        PushStep step = training.decide();
        if (step.wish().waitsForRelease()) {
            asked = Ready.newBuilder().setClock(clock).setWants(step.wish() == Wish.ASK).build();
            enter(Phase.AWAITING_RELEASE, Kind.WAITING);
            ask();
        } else {
            finish(step.push());
        }
    }

    private void finish(boolean pushes) {
        IterationReport.Builder report = training.finish(pushes, uplink.slices());
        enter(Phase.SENDING, Kind.TRANSFERRING);
        if (!pushes) {
            said = ended(report);
            uplink.iteration(
                    said,
                    () -> {
                        said();
                        save(false);
                        iterate();
                    });
            return;
        }
        this.pushes++;
        uplink.push(
                update(),
                training.update(),
                () -> {
                    training.spent(inPhase());
                    said = ended(report);
                    commit();
                });
    }

    private IterationReport ended(IterationReport.Builder report) {
        return report.setBytes(traffic.ofThisLife())
                .setOverheadSeconds(training.overheadSeconds())
                .build();
    }

    /** All slices are acknowledged: the report commits the push. */
    private void commit() {
        save(true);
        uplink.iteration(
                said,
                () -> {
                    said();
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
                        uplink.iteration(said, () -> sayAgainLater(ofClock));
                    } else if (phase == Phase.AWAITING_RELEASE) {
                        ask();
                    }
                });
    }

    private void ask() {
        long ofClock = clock;
        uplink.ready(asked, () -> sayAgainLater(ofClock));
    }

    // ---- what outlives this life, and shows that it lasts

    private void save(boolean pushed) {
        saved =
                training.save(
                        Restored.newBuilder()
                                .setIncarnation(uplink.incarnation())
                                .setClock(clock)
                                .setPulls(pushed)
                                .build());
    }

    private void said() {
        saidNs = events.nowNs();
    }

    private void showLater() {
        long everyNs = plan.signsEveryMs() * 1_000_000;
        long next = saidNs + everyNs;
        line.later(
                next > events.nowNs() ? next : events.nowNs() + everyNs,
                "a sign of life may be due",
                this::show);
    }

    /** A worker that is long at something must not look like one that is gone. */
    private void show() {
        if (phase == Phase.LEFT) {
            return;
        }
        Activity activity = activity();
        boolean due = events.nowNs() - saidNs >= plan.signsEveryMs() * 1_000_000;
        if (due && activity != Activity.ACTIVITY_UNSPECIFIED) {
            said();
            uplink.progress(Progress.newBuilder().setClock(clock).setActivity(activity).build());
        }
        showLater();
    }

    private Activity activity() {
        return switch (phase) {
            case STARTING -> Activity.WAITING;
            case PREPARING, AWAITING_DATA -> Activity.FETCHING;
            case TRAINING -> Activity.TRAINING;
            case EVALUATING -> Activity.EVALUATING;
            case SENDING -> Activity.SENDING;
            case PULLING -> Activity.PULLING;
            // It says again what it waits for.
            default -> Activity.ACTIVITY_UNSPECIFIED;
        };
    }

    // ---- for whoever watches

    private void enter(Phase next, Kind kind) {
        phase = next;
        phaseSinceNs = events.nowNs();
        timeline.enter(kind, events.nowNs());
    }

    /** Seconds since the present phase began. */
    private double inPhase() {
        return (events.nowNs() - phaseSinceNs) / 1e9;
    }

    Phase phase() {
        return phase;
    }

    String name() {
        return name;
    }

    /** The update of which it awaits the outcome, or would. */
    UpdateId update() {
        return uplink.update(clock);
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
