package org.hermesml.core.method;

import java.util.Optional;
import org.hermesml.core.message.MergeKind;
import org.hermesml.core.message.Verdict;
import org.hermesml.core.state.PendingUpdate;

/**
 * No synchronisation at all: every worker trains by itself, and the first whose model reaches the
 * target hands it in. The lower line that any method must stay above.
 */
final class LocalOnly implements AdmissionRule {
    @Override
    public Optional<Verdict.Builder> decide(PendingUpdate update, Standing standing) {
        return Decisions.admit(update, MergeKind.REPLACE, 1);
    }
}
