package org.hermesml.simulator.world;

import java.util.function.Supplier;
import org.hermesml.core.account.BegunIteration;
import org.hermesml.core.message.IterationReport;
import org.hermesml.core.message.PushState;
import org.hermesml.core.method.PushRule;
import org.hermesml.core.method.PushRule.Observation;
import org.hermesml.core.method.PushRule.PushStep;
import org.hermesml.simulator.learning.Learning.Trained;
import org.hermesml.training.Engine.Evaluation;
import org.hermesml.training.TrainingException;

/** One iteration of a device, from its first step to the decision whether to push. */
final class Iteration {
    private final BegunIteration begun;
    private final double seconds;
    private final Supplier<Trained> under;
    private Trained trained;
    private Observation seen;
    private PushStep step;

    /**
     * @param seconds that training takes
     * @param under waits for what is computed
     */
    Iteration(BegunIteration begun, double seconds, Supplier<Trained> under) {
        this.begun = begun;
        this.seconds = seconds;
        this.under = under;
    }

    /**
     * Training is over.
     *
     * @throws TrainingException when the model diverged
     */
    Trained trained() {
        if (trained == null) {
            try {
                trained = under.get();
            } catch (TrainingException e) {
                throw e.in(bout());
            }
        }
        return trained;
    }

    private String bout() {
        return "iteration " + begun.clock();
    }

    /**
     * Asks the push rule.
     *
     * @param updateNorm 0 where it was not measured
     * @throws TrainingException when the model diverged in its last step
     */
    PushStep decide(PushRule rule, PushState push, double updateNorm) {
        Evaluation heldOut = trained.heldOut();
        if (heldOut != null) {
            TrainingException.checkWeights(heldOut.loss(), bout());
        }
        seen =
                heldOut == null
                        ? new Observation(Double.NaN, Double.NaN, updateNorm)
                        : new Observation(heldOut.loss(), heldOut.accuracy(), updateNorm);
        step = rule.observe(push, seen);
        return step;
    }

    PushStep step() {
        return step;
    }

    IterationReport.Builder report(PushState before) {
        return begun.report(trained.loss(), seconds, before, seen, step);
    }
}
