package org.hermesml.edge.worker;

import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.hermesml.core.account.Beginning;
import org.hermesml.core.account.BegunIteration;
import org.hermesml.core.account.Overhead;
import org.hermesml.core.log.UpdateIds;
import org.hermesml.core.message.Activity;
import org.hermesml.core.message.Allocation;
import org.hermesml.core.message.IterationReport;
import org.hermesml.core.message.ModelVersion;
import org.hermesml.core.message.PushState;
import org.hermesml.core.message.UpdateId;
import org.hermesml.core.message.ValueType;
import org.hermesml.core.method.PushRule;
import org.hermesml.core.method.PushRule.Observation;
import org.hermesml.core.method.PushRule.PushStep;
import org.hermesml.core.settings.Settings;
import org.hermesml.core.state.WorkerSnapshot;
import org.hermesml.core.wire.Values;
import org.hermesml.edge.DeviceSettings;
import org.hermesml.edge.ModelReader;
import org.hermesml.edge.UpdateSender;
import org.hermesml.edge.worker.TrainingSamples.Present;
import org.hermesml.training.Engine.Evaluation;
import org.hermesml.training.Engine.TrainingResult;
import org.hermesml.training.Samples;
import org.hermesml.training.TrainingException;
import org.hermesml.training.data.Draw;
import org.hermesml.training.data.HeldOut;
import org.hermesml.training.data.ResidentBlocks;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The iterations of one incarnation: draw, train, evaluate, ask the push rule, send. One thread at
 * a time.
 */
final class LocalTraining {
    private static final Logger LOG = LoggerFactory.getLogger(LocalTraining.class);

    /** An iteration before it is known whether it pushes. */
    record Iterated(IterationReport.Builder report, PushStep step) {
        long clock() {
            return report.getClock();
        }
    }

    private final DeviceSettings device;
    private final long incarnation;
    private final PushRule rule;
    private final Samples heldOut;
    private final LocalModel model;
    private final TrainingSamples source;
    private final UpdateSender updates;
    private final ValueType type;
    private final ByteLedger bytes;
    private final boolean freshHeldOut;
    private final boolean prefetch;
    private final Overhead overhead = new Overhead();
    private final SavedState state;
    private final SignsOfLife signs;
    private Beginning beginning;
    private PushState push;
    private Allocation inForce;
    private long clock;
    private long baseVersion;

    LocalTraining(
            DeviceSettings device,
            long incarnation,
            PushRule rule,
            Samples heldOut,
            LocalModel model,
            TrainingSamples source,
            UpdateSender updates,
            Settings settings,
            ByteLedger bytes,
            SavedState state,
            SignsOfLife signs) {
        this.device = device;
        this.incarnation = incarnation;
        this.rule = rule;
        this.heldOut = heldOut;
        this.model = model;
        this.source = source;
        this.updates = updates;
        this.type = Values.type(settings.get(Settings.UPDATE_TYPE));
        this.bytes = bytes;
        this.freshHeldOut = settings.get(Settings.FRESH_HELD_OUT);
        this.prefetch = settings.get(Settings.PREFETCH);
        this.state = state;
        this.signs = signs;
    }

    /**
     * What this life begins with, before it pulls or iterates.
     *
     * @param begin what the server says its push rule begins with; empty: nothing is known there of
     *     an earlier life
     * @return whether it has the weights to go on from: else a pull must follow
     */
    boolean begin(Optional<PushState> begin) {
        Optional<StateFile.Content> saved = state.take();
        beginning = Beginning.of(rule, begin, saved.map(StateFile.Content::header));
        push = beginning.push();
        if (saved.isEmpty()) {
            return false;
        }
        if (!beginning.restores()) {
            LOG.info("What was saved is not what the server has: beginning with an empty window");
            return false;
        }
        model.restore(saved.get());
        WorkerSnapshot header = saved.get().header();
        baseVersion = header.getBaseVersion();
        LOG.info(
                "Going on after iteration {} of incarnation {}: {} losses in the window, threshold {}{}",
                header.getRestored().getClock(),
                header.getRestored().getIncarnation(),
                push.getLossesCount(),
                push.getThreshold(),
                beginning.pulls() ? "" : ", own weights on version " + baseVersion);
        return !beginning.pulls();
    }

    /**
     * Saves what a later life goes on from, after an iteration.
     *
     * @param pushed whether it pushed: before its report, for what is pushed must not be pushed
     *     again. Else after it, for the server must have what is saved.
     */
    void save(boolean pushed) {
        if (!model.survives() || !pushed && !state.isDue()) {
            return;
        }
        state.write(
                model.state(
                        beginning.snapshot(incarnation, clock, pushed, baseVersion, push), pushed));
    }

    /**
     * Replaces the local model by {@code version}, and tells the push rule.
     *
     * @param iterations until the next push, as told by the server; 0: not told
     */
    void pull(ModelReader versions, ModelVersion version, int iterations) {
        signs.doing(Activity.PULLING, clock);
        long start = System.nanoTime();
        versions.read(version, model.transfer());
        model.pulled();
        overhead.pulled(since(start));
        push = rule.pulled(push, iterations);
        baseVersion = version.getVersion();
    }

    /**
     * One iteration, up to what the push rule makes of it: {@link #report} ends it.
     *
     * @param waitMs for blocks to come
     * @param isOver asked while a slower device is played
     * @return empty when there is not enough data yet
     */
    Optional<Iterated> iterate(Allocation allocation, long waitMs, BooleanSupplier isOver)
            throws InterruptedException {
        // By content: after a restore the job may give the same number to another allocation.
        if (!allocation.equals(inForce)) {
            source.want(allocation.getBlocksList());
            inForce = allocation;
            LOG.info(
                    "Allocation {}: {} blocks, {} samples, mini-batch {} ({})",
                    allocation.getGeneration(),
                    allocation.getBlocksCount(),
                    allocation.getSamples(),
                    allocation.getMiniBatch(),
                    allocation.getReason());
        }
        signs.doing(Activity.FETCHING, clock);
        Optional<Present> present =
                source.present(ResidentBlocks.samplesToBegin(allocation, prefetch), waitMs);
        if (present.isEmpty()) {
            return Optional.empty();
        }
        Samples samples = new CountedSamples(present.get().samples(), signs.steps());
        signs.doing(Activity.TRAINING, clock);
        clock++;
        long seed = Draw.seed(allocation.getSeed(), beginning.iterations(clock));
        int[] drawn = Draw.distinct(allocation.getSamples(), samples.count(), seed);
        long start = System.nanoTime();
        TrainingResult trained = train(samples, drawn, allocation, seed);
        double seconds = slowed(since(start), isOver);
        Observation seen = observation(model.trained(), seed, isOver);
        PushStep step = rule.observe(push, seen);
        IterationReport.Builder report =
                new BegunIteration(
                                clock,
                                baseVersion,
                                allocation,
                                drawn.length,
                                present.get().blocks())
                        .report(trained.loss(), seconds, push, seen, step);
        return Optional.of(new Iterated(report, step));
    }

    private TrainingResult train(Samples samples, int[] drawn, Allocation allocation, long seed) {
        try {
            return model.train(
                    samples, drawn, allocation.getEpochs(), allocation.getMiniBatch(), seed);
        } catch (TrainingException e) {
            throw e.in("iteration " + clock);
        }
    }

    /**
     * Ends an iteration, with its slices sent and acknowledged where it pushes; the report is the
     * caller's to send.
     *
     * @param pushes as the push rule wishes, or as the server said where it was asked
     */
    IterationReport report(Iterated done, boolean pushes) {
        if (pushes) {
            signs.doing(Activity.SENDING, clock - 1);
            long start = System.nanoTime();
            send();
            overhead.spent(since(start));
        }
        push = done.step().next();
        return done.report()
                .setPush(pushes)
                .setSliceCount(pushes ? updates.sliceCount() : 0)
                .setBytes(bytes.counters())
                .setOverheadSeconds(overhead.ofIteration())
                .setResidentMemoryBytes(ProcessMemory.residentBytes())
                .build();
    }

    /** What nobody uses is not measured: an evaluation can take longer than a short iteration. */
    private Observation observation(double updateNorm, long seed, BooleanSupplier isOver)
            throws InterruptedException {
        if (!rule.usesHeldOutLoss()) {
            return new Observation(Double.NaN, Double.NaN, updateNorm);
        }
        signs.doing(Activity.EVALUATING, clock - 1);
        long start = System.nanoTime();
        Samples measured = freshHeldOut ? HeldOut.quarter(heldOut, seed) : heldOut;
        Evaluation evaluation = model.evaluate(new CountedSamples(measured, signs.steps()));
        overhead.spent(slowed(since(start), isOver));
        TrainingException.checkWeights(evaluation.loss(), "iteration " + clock);
        return new Observation(evaluation.loss(), evaluation.accuracy(), updateNorm);
    }

    private void send() {
        UpdateId id = UpdateIds.of(device.id(), incarnation, clock);
        bytes.updatesUp().addAndGet(updates.send(id, model.form(), model.update(), type));
    }

    private static double since(long startNs) {
        return (System.nanoTime() - startNs) / 1e9;
    }

    /**
     * The time of this work on the device that this process stands for: with `--slowdown 4` a
     * machine plays one that takes four times as long, by waiting, and the wait counts as work.
     * Evaluations are slowed like training: else the gate would seem cheaper than it is on a slow
     * device.
     */
    private double slowed(double seconds, BooleanSupplier isOver) throws InterruptedException {
        long end = System.nanoTime() + (long) (seconds * (device.slowdown() - 1) * 1e9);
        long left = end - System.nanoTime();
        while (left > 0 && !isOver.getAsBoolean()) {
            Thread.sleep(Math.min(200, left / 1_000_000 + 1));
            signs.steps().incrementAndGet();
            left = end - System.nanoTime();
        }
        return seconds * device.slowdown();
    }
}
