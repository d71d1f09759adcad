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
     * @throws org.hermesml.training.TrainingException when the model diverged
     */
    Trained trained() {
        if (trained == null) {
            trained = under.get();
        }
        return trained;
    }

    /**
     * Asks the push rule.
     *
     * @param updateNorm 0 where it was not measured
     */
    PushStep decide(PushRule rule, PushState push, double updateNorm) {
        Evaluation heldOut = trained.heldOut();
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
