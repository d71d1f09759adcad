package org.hermesml.cli.run;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.hermesml.core.message.UpdateId;
import org.hermesml.core.message.Verdict;
import org.hermesml.core.state.NumberedVerdict;

final class VerdictNumbers {
    private final Map<String, UpdateId> decided = new HashMap<>();
    private final Set<Long> closed = new HashSet<>();
    private long version = -1;
    private boolean ended;

    Optional<NumberedVerdict> apply(Verdict verdict) {
        if (ended) {
            return Optional.empty();
        }
        boolean counts =
                switch (verdict.getDecisionCase()) {
                    case ADMITTED -> first(verdict.getAdmitted().getId());
                    case HELD -> first(verdict.getHeld().getId());
                    case REFUSED -> first(verdict.getRefused().getId());
                    case ROUND_CLOSED -> closed.add(verdict.getRoundClosed().getRound());
                    case END -> true;
                    default -> false;
                };
        if (!counts) {
            return Optional.empty();
        }
        ended = verdict.hasEnd();
        boolean makesVersion = verdict.hasAdmitted() || verdict.hasRoundClosed();
        if (makesVersion) {
            version++;
        }
        return Optional.of(
                NumberedVerdict.newBuilder()
                        .setVerdict(verdict)
                        .setVersion(version)
                        .setNewVersion(makesVersion)
                        .build());
    }

    private boolean first(UpdateId id) {
        UpdateId last = decided.get(id.getWorker());
        if (last != null
                && (id.getIncarnation() < last.getIncarnation()
                        || id.getIncarnation() == last.getIncarnation()
                                && id.getSequence() <= last.getSequence())) {
            return false;
        }
        decided.put(id.getWorker(), id);
        return true;
    }

    long version() {
        return version;
    }
}
