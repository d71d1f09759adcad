package org.hermesml.core.account;

import org.hermesml.core.message.IterationReport;
import org.hermesml.core.message.PushState;
import org.hermesml.core.method.PushRule;
import org.hermesml.core.state.SettledPush;
import org.hermesml.core.state.WorkerAccount;

/** Re-checks the push decision in a report against the losses that were reported. Pure. */
final class PushCheck {
    /**
     * @param next the worker's push rule after the iteration
     * @param fault why the push in it must be refused; empty: good
     */
    record Checked(PushState next, String fault) {}

    private final PushRule rule;

    PushCheck(PushRule rule) {
        this.rule = rule;
    }

    Checked check(WorkerAccount account, IterationReport iteration) {
        PushState mirrored =
                iteration.getBaseVersion() == account.getBaseVersion()
                        ? account.getPush()
                        : rule.pulled(account.getPush(), iterationsTold(account));
        boolean gap = iteration.getClock() != account.getClock() + 1;
        PushRule.PushStep step =
                rule.observe(iteration.getBefore(), PushRule.Observation.of(iteration));
        String fault = "";
        if (iteration.getPush() && !gap && !mirrored.equals(iteration.getBefore())) {
            fault = "its gate's window is not the one that its reports make";
        } else if (iteration.getPush() && !step.mayPush()) {
            fault = "the gate is not satisfied by the reported losses";
        }
        return new Checked(step.next(), fault);
    }

    /** Iterations until the next push, as the worker was told with the outcome of its newest. */
    private static int iterationsTold(WorkerAccount account) {
        SettledPush last = account.getLastSettled();
        return last.getId().getSequence() == account.getClock() ? last.getIterations() : 0;
    }
}
