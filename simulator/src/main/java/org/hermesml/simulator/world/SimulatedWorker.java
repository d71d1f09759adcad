package org.hermesml.simulator.world;

import org.hermesml.core.message.Directive;
import org.hermesml.core.message.Hello;
import org.hermesml.core.message.IterationReport;
import org.hermesml.core.message.Outcome;
import org.hermesml.core.message.Ready;
import org.hermesml.core.message.Release;
import org.hermesml.core.message.UpdateId;
import org.hermesml.core.method.PushRule.PushStep;
import org.hermesml.core.method.PushRule.Wish;
import org.hermesml.core.settings.Settings;
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
    private final SignsOfLife signs;

    private Inbox inbox;
    private DeviceTraining training;
    private long clock;
    private IterationReport said;
    private Ready asked;
    private long iterations;
    private long pushes;
    private Saved saved;

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
        this.signs =
                new SignsOfLife(events, plan.signsEveryMs(), line, uplink, timeline, () -> clock);
        this.listener = listener;
        this.poison = new Poison(device.hostile(), ~seed, plan.settings().get(Settings.SEED));
        this.speed = Speed.of(device, seed);
    }

    // ---- coming and going

    /** A process starts on the device; of any before it, it knows what that saved. */
    void start() {
        enter(Phase.JOINING);
        traffic.restart();
        inbox = new Inbox();
        DeviceBlocks blocks =
                new DeviceBlocks(plan, device.dataMemoryBytes(), line, traffic, this::onBlock);
        training = new DeviceTraining(plan, learning, speed, blocks, poison);
        clock = 0;
        directives.follow(events.nowNs());
        Hello.Builder hello = Hello.newBuilder().setDataMemoryBytes(device.dataMemoryBytes());
        if (saved != null) {
            hello.setRestored(saved.header().getRestored());
        }
        uplink.hello(hello.build(), this::prepare);
    }

    /** The device is gone in the middle of whatever it does. */
    void vanish() {
        directives.leave();
        line.cut();
        training = null;
        inbox = null;
        enter(Phase.AWAY);
    }

    private void leave(TrainingException why) {
        directives.leave();
        uplink.goodbye(why.getMessage(), why.isDivergence());
        training = null;
        saved = null;
        enter(Phase.LEFT);
    }

    private void prepare() {
        enter(Phase.PREPARING);
        signs.start();
        long bytes = plan.sizes().definition() + plan.sizes().heldOut();
        line.fetch(
                bytes,
                "model definition and held-out samples",
                () -> {
                    traffic.dataDown(bytes);
                    enter(Phase.STARTING);
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
        if (forOther || phase() == Phase.LEFT) {
            return;
        }
        inbox.take(directive, model);
        if (directive.hasDismissal()) {
            vanish();
            enter(Phase.LEFT);
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
        switch (phase()) {
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
        enter(Phase.PULLING);
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
        if (phase() == Phase.AWAITING_DATA) {
            iterate();
        }
    }

    private void iterate() {
        if (!training.hasDataFor(inbox.allocation())) {
            enter(Phase.AWAITING_DATA);
            return;
        }
        clock++;
        enter(Phase.TRAINING);
        line.later(training.begin(clock, events.nowNs()), "trained", this::trained);
    }

    private void trained() {
        boolean evaluates;
        try {
            evaluates = training.trained();
        } catch (TrainingException e) {
            leave(e);
            return;
        }
        iterations++;
        if (!evaluates) {
            decide();
            return;
        }
        enter(Phase.EVALUATING);
        line.later(
                speed.evaluated(events.nowNs(), plan.measuredSamples()),
                "evaluated",
                () -> {
                    training.spent(inPhase());
                    decide();
                });
    }

    private void decide() {
        PushStep step;
        try {
            step = training.decide();
        } catch (TrainingException e) {
            leave(e);
            return;
        }
        if (step.wish().waitsForRelease()) {
            asked = Ready.newBuilder().setClock(clock).setWants(step.wish() == Wish.ASK).build();
            enter(Phase.AWAITING_RELEASE);
            ask();
        } else {
            finish(step.push());
        }
    }

    private void finish(boolean pushes) {
        IterationReport.Builder report = training.finish(pushes, uplink.slices());
        enter(Phase.SENDING);
        if (!pushes) {
            said = ended(report);
            uplink.iteration(
                    said,
                    () -> {
                        signs.said();
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
                    signs.said();
                    enter(Phase.AWAITING_OUTCOME);
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
                    if (phase() == Phase.AWAITING_OUTCOME) {
                        uplink.iteration(said, () -> sayAgainLater(ofClock));
                    } else if (phase() == Phase.AWAITING_RELEASE) {
                        ask();
                    }
                });
    }

    private void ask() {
        long ofClock = clock;
        uplink.ready(asked, () -> sayAgainLater(ofClock));
    }

    // ---- what outlives this life

    private void save(boolean pushed) {
        saved = training.save(uplink.incarnation(), clock, pushed);
    }

    // ---- for whoever watches

    private void enter(Phase next) {
        timeline.enter(next, events.nowNs());
    }

    /** Seconds since the present phase began. */
    private double inPhase() {
        return timeline.inPhase(events.nowNs());
    }

    Phase phase() {
        return timeline.phase();
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
