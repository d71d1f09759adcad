package org.hermesml.edge.worker;

import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.hermesml.core.log.UpdateIds;
import org.hermesml.core.message.Allocation;
import org.hermesml.core.message.DataIndex;
import org.hermesml.core.message.IterationReport;
import org.hermesml.core.message.ModelVersion;
import org.hermesml.core.message.PushState;
import org.hermesml.core.message.UpdateId;
import org.hermesml.core.message.ValueType;
import org.hermesml.core.method.PushRule;
import org.hermesml.core.method.PushRule.PushStep;
import org.hermesml.core.settings.Settings;
import org.hermesml.edge.DeviceSettings;
import org.hermesml.edge.ModelReader;
import org.hermesml.edge.UpdateSender;
import org.hermesml.training.Engine.Evaluation;
import org.hermesml.training.Engine.TrainingResult;
import org.hermesml.training.Samples;
import org.hermesml.training.data.BlockSamples;
import org.hermesml.training.data.DecodedBlock;
import org.hermesml.training.data.Draw;
import org.hermesml.training.data.SampleLayout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The iterations of one incarnation: draw, train, evaluate, ask the push rule, send. One thread at
 * a time.
 */
final class LocalTraining {
    private static final Logger LOG = LoggerFactory.getLogger(LocalTraining.class);

    private final DeviceSettings device;
    private final SampleLayout layout;
    private final long incarnation;
    private final PushRule rule;
    private final Samples heldOut;
    private final LocalModel model;
    private final BlockStore blocks;
    private final UpdateSender updates;
    private final ValueType type;
    private final ByteLedger bytes;
    private PushState push;
    private Allocation present;
    private long clock;
    private long baseVersion;

    LocalTraining(
            DeviceSettings device,
            DataIndex index,
            long incarnation,
            PushRule rule,
            Samples heldOut,
            LocalModel model,
            BlockStore blocks,
            UpdateSender updates,
            Settings settings,
            ByteLedger bytes) {
        this.device = device;
        this.layout = SampleLayout.of(index);
        this.incarnation = incarnation;
        this.rule = rule;
        this.heldOut = heldOut;
        this.model = model;
        this.blocks = blocks;
        this.updates = updates;
        this.type =
                settings.get(Settings.UPDATE_TYPE).equals("fp16") ? ValueType.FP16 : ValueType.FP32;
        this.bytes = bytes;
        this.push = rule.start();
    }

    /**
     * Replaces the local model by {@code version}; what the push rule knew of the old one is
     * forgotten.
     */
    void pull(ModelReader versions, ModelVersion version) {
        versions.read(version, model.transfer());
        model.pulled();
        push = rule.pulled(push, 0);
        baseVersion = version.getVersion();
    }

    /**
     * One iteration, with its slices sent and acknowledged where it pushes; the report is the
     * caller's to send.
     *
     * @param waitMs for blocks to come
     * @param isOver asked while a slower device is played
     * @return empty when there is not enough data yet
     */
    Optional<IterationReport> iterate(Allocation allocation, long waitMs, BooleanSupplier isOver)
            throws InterruptedException {
        // By content: after a restore the job may give the same number to another allocation.
        if (!allocation.equals(present)) {
            blocks.want(allocation.getBlocksList());
            present = allocation;
            LOG.info(
                    "Allocation {}: {} blocks, {} samples, mini-batch {} ({})",
                    allocation.getGeneration(),
                    allocation.getBlocksCount(),
                    allocation.getSamples(),
                    allocation.getMiniBatch(),
                    allocation.getReason());
        }
        List<DecodedBlock> resident = blocks.await(allocation.getSamples(), waitMs);
        if (resident == null) {
            return Optional.empty();
        }
        Samples samples = new BlockSamples(layout, resident);
        clock++;
        long seed = Draw.seed(allocation.getSeed(), clock);
        int[] drawn = Draw.distinct(allocation.getSamples(), samples.count(), seed);
        long start = System.nanoTime();
        TrainingResult trained =
                model.train(
                        samples, drawn, allocation.getEpochs(), allocation.getMiniBatch(), seed);
        double seconds = slowed((System.nanoTime() - start) / 1e9, isOver);
        model.trained();
        Evaluation evaluation = model.evaluate(heldOut);
        PushStep step = rule.observe(push, PushRule.Observation.ofLoss(evaluation.loss()));
        if (step.push()) {
            send();
        }
        IterationReport report =
                IterationReport.newBuilder()
                        .setClock(clock)
                        .setBaseVersion(baseVersion)
                        .setTrainLoss(trained.loss())
                        .setHeldOutLoss(evaluation.loss())
                        .setHeldOutAccuracy(evaluation.accuracy())
                        .setSeconds(seconds)
                        .setSamples(drawn.length)
                        .setMiniBatch(allocation.getMiniBatch())
                        .setEpochs(allocation.getEpochs())
                        .setBefore(push)
                        .setPush(step.push())
                        .setZ(step.z())
                        .setThreshold(step.threshold())
                        .setSliceCount(step.push() ? updates.sliceCount() : 0)
                        .setAllocation(allocation.getGeneration())
                        .setResidentBlocks(resident.size())
                        .setBytes(bytes.counters())
                        .setResidentMemoryBytes(ProcessMemory.residentBytes())
                        .build();
        push = step.next();
        return Optional.of(report);
    }

    private void send() {
        UpdateId id = UpdateIds.of(device.id(), incarnation, clock);
        bytes.updatesUp().addAndGet(updates.send(id, model.form(), model.update(), type));
    }

    /**
     * The time of this iteration on the device that this process stands for: with `--slowdown 4` a
     * machine plays one that takes four times as long, by waiting, and the wait counts as training.
     */
    private double slowed(double seconds, BooleanSupplier isOver) throws InterruptedException {
        long end = System.nanoTime() + (long) (seconds * (device.slowdown() - 1) * 1e9);
        long left = end - System.nanoTime();
        while (left > 0 && !isOver.getAsBoolean()) {
            Thread.sleep(Math.min(200, left / 1_000_000 + 1));
            left = end - System.nanoTime();
        }
        return seconds * device.slowdown();
    }
}
