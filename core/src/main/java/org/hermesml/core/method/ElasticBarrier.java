package org.hermesml.core.method;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.hermesml.core.message.RoundClosed;
import org.hermesml.core.message.Verdict;
import org.hermesml.core.settings.Settings;
import org.hermesml.core.state.PendingUpdate;

/**
 * Elastic bulk synchronous parallel (ZipLine): as {@code bsp}, but at the end of each round the
 * server forecasts where workers of different speeds meet next with the least waiting, and each
 * iterates on its own model until then. X. Zhao et al., "Elastic Bulk Synchronous Parallel Model
 * for Distributed Deep Learning", ICDM 2019; "ElasticBSP", 2021.
 */
final class ElasticBarrier implements AdmissionRule {
    private final int lookahead;
    private final double momentum;

    ElasticBarrier(Settings settings) {
        this.lookahead = settings.get(Settings.LOOKAHEAD);
        this.momentum = settings.get(Settings.SERVER_MOMENTUM);
    }

    @Override
    public Optional<Verdict.Builder> decide(PendingUpdate update, Standing standing) {
        return Decisions.hold(update, 1, standing);
    }

    @Override
    public Optional<RoundClosed.Builder> closeRound(Standing standing) {
        return Rounds.close(standing, momentum)
                .map(closed -> closed.putAllIterations(iterations(standing)));
    }

    private Map<String, Integer> iterations(Standing standing) {
        Map<String, Double> seconds = new HashMap<>();
        standing.live()
                .forEach(
                        (worker, of) -> {
                            if (of.seconds() > 0) {
                                seconds.put(worker, of.seconds());
                            }
                        });
        return BarrierForecast.iterations(seconds, lookahead);
    }

    @Override
    public boolean hasBarrier() {
        return true;
    }
}
