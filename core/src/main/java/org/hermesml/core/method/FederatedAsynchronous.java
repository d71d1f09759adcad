package org.hermesml.core.method;

import java.util.Optional;
import org.hermesml.core.message.MergeKind;
import org.hermesml.core.message.Verdict;
import org.hermesml.core.settings.Settings;
import org.hermesml.core.state.PendingUpdate;

/**
 * FedAsync: each model is mixed into the global one at arrival, the less the more versions were
 * made since its worker pulled. C. Xie, S. Koyejo, I. Gupta, "Asynchronous Federated Optimization",
 * 2019 (arXiv 1903.03934).
 */
final class FederatedAsynchronous implements AdmissionRule {
    private final double mixing;
    private final double exponent;

    FederatedAsynchronous(Settings settings) {
        this.mixing = settings.get(Settings.MIXING);
        this.exponent = settings.get(Settings.STALENESS_EXPONENT);
    }

    @Override
    public Optional<Verdict.Builder> decide(PendingUpdate update, Standing standing) {
        double coefficient = mixing * Staleness.polynomial(standing.delay(update), exponent);
        return Decisions.admit(update, MergeKind.AVERAGE, coefficient);
    }
}
