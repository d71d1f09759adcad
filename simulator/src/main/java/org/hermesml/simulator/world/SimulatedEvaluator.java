package org.hermesml.simulator.world;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.hermesml.core.Protocol;
import org.hermesml.core.defence.AuditPlan;
import org.hermesml.core.defence.AuditPlan.Audit;
import org.hermesml.core.merge.SliceModel;
import org.hermesml.core.message.Directive;
import org.hermesml.core.message.Score;
import org.hermesml.core.message.UpdateId;
import org.hermesml.simulator.learning.Learning;
import org.hermesml.training.Engine.Evaluation;
import org.hermesml.training.data.HeldOut;

/**
 * Scores the newest version of the model, skipping those that were overtaken meanwhile; where the
 * method asks for it each update by itself; and where there is a defence those updates that its
 * {@link AuditPlan} names. The best version goes back to the server.
 */
final class SimulatedEvaluator {
    private final EventQueue events;
    private final RunPlan plan;
    private final Learning learning;
    private final Line line;
    private final Speed speed;
    private final Scores scores;

    /** Of each worker the newest complete update that is not scored yet, longest waiting first. */
    private final Map<String, Update> updates = new LinkedHashMap<>();

    /** Which of them are measured, where that is for holding reports against; else null. */
    private final AuditPlan audits;

    private Inbox.Version newest;
    private float[] initial;
    private long scored = -1;
    private double bestLoss = Double.POSITIVE_INFINITY;
    private long quarters;
    private boolean ready;
    private boolean busy;
    private long bytes;

    private record Update(UpdateId id, float[] values) {}

    /** Takes scores in, at the server. */
    interface Scores {
        /**
         * @param version that was scored; null for an update
         */
        void arrive(Score score, Inbox.Version version);
    }

    SimulatedEvaluator(
            EventQueue events,
            RunPlan plan,
            Learning learning,
            Line line,
            Speed speed,
            long seed,
            Scores scores) {
        this.events = events;
        this.plan = plan;
        this.learning = learning;
        this.line = line;
        this.speed = speed;
        this.scores = scores;
        this.audits = plan.auditsUpdates() ? new AuditPlan(plan.settings(), seed) : null;
    }

    void start() {
        long data = plan.sizes().definition() + plan.sizes().heldOut();
        fetch(
                data,
                "model definition and held-out samples",
                () -> {
                    ready = true;
                    next();
                });
    }

    Line line() {
        return line;
    }

    /** Key and value bytes of all that it sent or read. */
    long bytes() {
        return bytes;
    }

    void hear(Directive directive, Inbox.Version model, long recordBytes) {
        bytes += recordBytes;
        if (model == null) {
            return;
        }
        if (model.version() == 0) {
            initial = model.weights();
        }
        if (newest == null || model.version() > newest.version()) {
            newest = model;
        }
        next();
    }

    /** A record for somebody else. */
    void overhear(long recordBytes) {
        bytes += recordBytes;
        line.overhear(recordBytes);
    }

    /** An update lies at the server, whole; its slices are on their way here. */
    void update(UpdateId id, float[] values, long recordBytes) {
        bytes += recordBytes;
        line.down(
                recordBytes,
                "an update to score",
                () -> {
                    updates.remove(id.getWorker());
                    updates.put(id.getWorker(), new Update(id, values));
                    if (audits != null) {
                        audits.complete(id);
                    }
                    next();
                });
    }

    /** A report commits an update. */
    void report(UpdateId id, double heldOutLoss, long recordBytes) {
        bytes += recordBytes;
        line.down(
                recordBytes,
                "a report of an update",
                () -> {
                    audits.claimed(id, heldOutLoss);
                    next();
                });
    }

    private void next() {
        if (busy || !ready) {
            return;
        }
        boolean newVersion = newest != null && newest.version() > scored;
        Optional<Audit> audit = audits == null ? Optional.empty() : audits.next(newVersion);
        if (audit.isPresent()) {
            audit(audit.get());
        } else if (newVersion) {
            scoreVersion(newest);
        } else if (audits == null && initial != null && !updates.isEmpty()) {
            scoreUpdate();
        }
    }

    private void audit(Audit audit) {
        busy = true;
        Update update = updates.remove(audit.id().getWorker());
        int samples = plan.heldOutSamples();
        evaluate(
                audit.rough()
                        ? learning.evaluateQuarter(update.values(), ++quarters)
                        : learning.evaluate(update.values()),
                audit.rough() ? HeldOut.quarterOf(samples) : samples,
                evaluation -> {
                    audits.measured(audit, evaluation.loss());
                    send(score(evaluation).setUpdate(audit.id()).build(), null, this::goOn);
                });
    }

    private void scoreVersion(Inbox.Version version) {
        busy = true;
        fetch(
                plan.sizes().model(),
                "model to score",
                () ->
                        evaluate(
                                version.weights(),
                                evaluation -> {
                                    scored = version.version();
                                    send(
                                            score(evaluation).setVersion(version.version()).build(),
                                            version,
                                            () -> offer(evaluation.loss()));
                                }));
    }

    private void scoreUpdate() {
        busy = true;
        String worker = updates.keySet().iterator().next();
        Update update = updates.remove(worker);
        float[] weights = new float[initial.length];
        SliceModel.descend(initial, update.values(), plan.learningRate(), weights);
        evaluate(
                weights,
                evaluation ->
                        send(score(evaluation).setUpdate(update.id()).build(), null, this::goOn));
    }

    private void evaluate(float[] weights, Consumer<Evaluation> then) {
        evaluate(learning.evaluate(weights), plan.heldOutSamples(), then);
    }

    private void evaluate(Supplier<Evaluation> begun, int samples, Consumer<Evaluation> then) {
        line.later(
                speed.evaluated(events.nowNs(), samples), "scored", () -> then.accept(begun.get()));
    }

    /** Keeps the best version at the server, and is not free before it is there. */
    private void offer(double loss) {
        if (!(loss <= bestLoss)) {
            goOn();
            return;
        }
        bestLoss = loss;
        bytes += plan.sizes().model();
        line.up(plan.sizes().model(), "best model", () -> {}, this::goOn);
    }

    private void goOn() {
        busy = false;
        next();
    }

    private void fetch(long size, String what, Runnable arrived) {
        bytes += size;
        line.fetch(size, what, arrived);
    }

    private void send(Score score, Inbox.Version version, Runnable acknowledged) {
        long size = plan.sizes().score(score);
        bytes += size;
        line.up(size, "score", () -> scores.arrive(score, version), acknowledged);
    }

    private Score.Builder score(Evaluation evaluation) {
        return Score.newBuilder()
                .setProtocol(Protocol.VERSION)
                .setRun(plan.spec().getRun())
                .setEvaluator("evaluator")
                .setLoss(evaluation.loss())
                .setAccuracy(evaluation.accuracy())
                .setSamples(evaluation.samples());
    }
}
