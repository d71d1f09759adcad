package org.hermesml.core.admission;

import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import org.hermesml.core.check.Printable;
import org.hermesml.core.state.Member;
import org.hermesml.core.state.Membership;

/**
 * When a run must fail because its training gives NaN. One worker whose training does has left, as
 * any other that leaves, and may have features of its own to blame; where nobody is left and most
 * left for that, it is the run's own fault, and no worker that comes would fare better. Pure.
 */
final class Divergence {
    private static final int MOST_TEXT = 500;

    /** What is kept of {@code left}: why the worker's training gave NaN; empty: it did not. */
    static String why(Membership left) {
        if (!left.getDiverged()) {
            return "";
        }
        String reason = Printable.of(left.getReason(), MOST_TEXT);
        return reason.isEmpty() ? "training gave NaN" : reason;
    }

    /**
     * The sentence that the run fails with.
     *
     * @param minWorkers before so many have joined nothing is said of all
     * @return empty where the run can go on
     */
    static Optional<String> ofAll(AdmissionBook book, int minWorkers) {
        // the count first: a run may have thousands of members, and is asked at each event
        if (book.run().getHeardOf() > 0 || book.members().size() < minWorkers) {
            return Optional.empty();
        }
        Map<String, Member> members = book.members().asMap();
        long diverged = members.values().stream().filter(Divergence::isIts).count();
        if (2 * diverged <= members.size() || members.values().stream().anyMatch(Member::getLive)) {
            return Optional.empty();
        }
        return members.entrySet().stream()
                .filter(member -> isIts(member.getValue()))
                .min(Comparator.comparing(Map.Entry::getKey))
                .map(
                        first ->
                                first.getKey()
                                        + ": "
                                        + unpunctuated(first.getValue().getDiverged())
                                        + "; "
                                        + diverged
                                        + " of "
                                        + members.size()
                                        + " workers ended so, and none goes on");
    }

    private static boolean isIts(Member member) {
        return !member.getDiverged().isEmpty();
    }

    private static String unpunctuated(String sentence) {
        return sentence.endsWith(".") ? sentence.substring(0, sentence.length() - 1) : sentence;
    }

    private Divergence() {}
}
