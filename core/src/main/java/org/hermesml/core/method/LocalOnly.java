package org.hermesml.core.method;

import java.util.Optional;
import org.hermesml.core.gate.TargetReached;
import org.hermesml.core.message.MergeKind;
import org.hermesml.core.message.UpdateForm;
import org.hermesml.core.message.Verdict;
import org.hermesml.core.settings.Settings;
import org.hermesml.core.state.PendingUpdate;

/**
 * No synchronisation at all: every worker trains by itself, and the first whose model reaches the
 * target hands it in. The lower line that any method must stay above.
 */
final class LocalOnly implements Method, AdmissionRule {
    private final TargetReached pushRule;

    LocalOnly(Settings settings) {
        this.pushRule = new TargetReached(settings.get(Settings.TARGET_ACCURACY));
    }

    @Override
    public String key() {
        return "local";
    }

    @Override
    public UpdateForm updateForm() {
        return UpdateForm.WEIGHTS;
    }

    @Override
    public PushRule pushRule() {
        return pushRule;
    }

    @Override
    public AdmissionRule admissionRule() {
        return this;
    }

    @Override
    public Optional<Verdict.Builder> decide(PendingUpdate update, Standing standing) {
        return Decisions.admit(update, MergeKind.REPLACE, 1);
    }
}
