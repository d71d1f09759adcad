package org.hermesml.simulator.world;

import java.util.Optional;
import org.hermesml.core.account.Beginning;
import org.hermesml.core.account.BegunIteration;
import org.hermesml.core.account.Overhead;
import org.hermesml.core.message.Allocation;
import org.hermesml.core.message.IterationReport;
import org.hermesml.core.message.PushState;
import org.hermesml.core.message.UpdateForm;
import org.hermesml.core.method.PushRule.PushStep;
import org.hermesml.core.wire.LocalUpdate;
import org.hermesml.core.wire.Values;
import org.hermesml.simulator.learning.Learning;
import org.hermesml.simulator.learning.Learning.Bout;
import org.hermesml.simulator.learning.Learning.Trained;
import org.hermesml.training.data.ResidentBlocks;

/**
 * What one life of a simulated worker trains: its model, its data, its push rule and the iteration
 * under way, as edge-worker's training does.
 */
final class DeviceTraining {
    private final RunPlan plan;
    private final Learning learning;
    private final Speed speed;
    private final DeviceBlocks blocks;
    private final LocalWeights weights;
    private final Poison poison;
    private final Overhead overhead = new Overhead();
    private Beginning beginning;
    private PushState push;
    private Allocation present;
    private long baseVersion;
    private Iteration iteration;

    /**
     * @param poison what a hostile device does
     */
    DeviceTraining(
            RunPlan plan, Learning learning, Speed speed, DeviceBlocks blocks, Poison poison) {
        this.plan = plan;
        this.learning = learning;
        this.speed = speed;
        this.blocks = blocks;
        this.poison = poison;
        this.weights =
                new LocalWeights(LocalUpdate.of(plan.settings(), plan.method(), plan.slicing()));
    }

    /**
     * What this life begins with.
     *
     * @param begin what the server says; null where it knows of no earlier life
     * @param saved by an earlier life; null where none was
     * @return whether it has the weights to go on from: else it pulls first
     */
    boolean begin(PushState begin, Saved saved) {
        beginning =
                Beginning.of(
                        plan.pushRule(),
                        Optional.ofNullable(begin),
                        Optional.ofNullable(saved).map(Saved::header));
        push = beginning.push();
        if (beginning.restores()) {
            weights.restore(saved);
            baseVersion = saved.header().getBaseVersion();
        }
        return !beginning.pulls();
    }

    /**
     * What a later life goes on from.
     *
     * @param clock iterations finished in this life
     * @param pulls whether it pulls first, since the last of them was pushed
     * @return null where none can
     */
    Saved save(long incarnation, long clock, boolean pulls) {
        if (!weights.survives()) {
            return null;
        }
        return new Saved(
                beginning.snapshot(incarnation, clock, pulls, baseVersion, push),
                pulls ? null : weights.weights(),
                pulls ? null : weights.base(),
                weights.unsent());
    }

    /**
     * Replaces the model.
     *
     * @param seconds that the pull took
     * @param iterationsTold until the next push; 0: not told
     */
    void pulled(Inbox.Version version, double seconds, int iterationsTold) {
        overhead.pulled(seconds);
        weights.pulled(version.weights());
        push = plan.pushRule().pulled(push, iterationsTold);
        baseVersion = version.version();
    }

    /** Takes the allocation, and says whether there is enough of its data to begin. */
    boolean hasDataFor(Allocation allocation) {
        if (!allocation.equals(present)) {
            present = allocation;
            blocks.want(allocation.getBlocksList());
        }
        return blocks.isEnough(ResidentBlocks.samplesToBegin(allocation, plan.prefetch()));
    }

    /**
     * Begins an iteration under the allocation taken last.
     *
     * @return when its training will be over
     */
    long begin(long clock, long startNs) {
        long drawClock = beginning.iterations(clock);
        int[] drawn = blocks.draw(present, drawClock);
        Bout bout =
                new Bout(
                        weights.weights(),
                        drawn,
                        present.getEpochs(),
                        present.getMiniBatch(),
                        DeviceBlocks.seed(present, drawClock),
                        plan.measure(),
                        poison.flipsLabels());
        long endNs =
                speed.trained(startNs, drawn.length, present.getMiniBatch(), present.getEpochs());
        iteration =
                new Iteration(
                        new BegunIteration(
                                clock, baseVersion, present, drawn.length, blocks.count()),
                        (endNs - startNs) / 1e9,
                        poison.train(learning, bout, weights.base()));
        return endNs;
    }

    /**
     * Training is over.
     *
     * @return whether the model is evaluated next
     * @throws org.hermesml.training.TrainingException when it diverged
     */
    boolean trained() {
        Trained done = iteration.trained();
        weights.trained(done.weights());
        return done.heldOut() != null;
    }

    /** An evaluation or a push took so long. */
    void spent(double seconds) {
        overhead.spent(seconds);
    }

    /**
     * Asks the push rule.
     *
     * @throws org.hermesml.training.TrainingException when it diverged
     */
    PushStep decide() {
        return iteration.decide(plan.pushRule(), push, weights.norm());
    }

    /** Ends the iteration; its report lacks what is known only when it is sent. */
    IterationReport.Builder finish(boolean pushes, int slices) {
        IterationReport.Builder report =
                iteration.report(push).setPush(pushes).setSliceCount(pushes ? slices : 0);
        push = iteration.step().next();
        iteration = null;
        return report;
    }

    /** What a push sends, as it arrives; once for each push. */
    float[] update() {
        boolean ofWeights = plan.form() == UpdateForm.WEIGHTS;
        float[] sent = poison.send(weights.update(), ofWeights ? weights.base() : null);
        return Values.travelled(sent, plan.updateType(), plan.slicing());
    }

    /** To be asked once for each iteration, when all that belongs to it is spent. */
    double overheadSeconds() {
        return overhead.ofIteration();
    }
}
