package org.hermesml.core.method;

import java.util.Optional;
import org.hermesml.core.gate.AlwaysPush;
import org.hermesml.core.message.RoundClosed;
import org.hermesml.core.message.UpdateForm;
import org.hermesml.core.message.Verdict;
import org.hermesml.core.state.PendingUpdate;

/**
 * Bulk synchronous parallel: all workers push after each iteration, the server averages when all
 * are in, all pull. L. G. Valiant, "A bridging model for parallel computation", CACM 33(8), 1990.
 */
final class BulkSynchronous implements Method, AdmissionRule {
    @Override
    public String key() {
        return "bsp";
    }

    @Override
    public UpdateForm updateForm() {
        return UpdateForm.WEIGHTS;
    }

    @Override
    public PushRule pushRule() {
        return new AlwaysPush();
    }

    @Override
    public AdmissionRule admissionRule() {
        return this;
    }

    @Override
    public Optional<Verdict.Builder> decide(PendingUpdate update, Standing standing) {
        return Decisions.hold(update, 1, standing);
    }

    @Override
    public Optional<RoundClosed.Builder> closeRound(Standing standing) {
        boolean complete =
                !standing.held().isEmpty()
                        && standing.heldWorkers().containsAll(standing.liveWorkers());
        return complete ? Optional.of(RoundClosed.newBuilder()) : Optional.empty();
    }
}
