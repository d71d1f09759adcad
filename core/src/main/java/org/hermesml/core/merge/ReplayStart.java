package org.hermesml.core.merge;

import java.util.List;
import java.util.Optional;
import java.util.function.LongPredicate;
import java.util.function.Predicate;
import org.hermesml.core.log.UpdateIds;
import org.hermesml.core.message.MergeKind;
import org.hermesml.core.message.UpdateId;
import org.hermesml.core.message.Verdict;
import org.hermesml.core.state.NumberedVerdict;

/**
 * Where a replay of a verdict log can begin. With all slices at hand it is the log's beginning.
 * Where old slices are gone it is a version that was published, provided that its weights are all
 * that the merge goes on from: no update of an open round, no velocity, no gradient sum. Pure.
 *
 * @param entry position of the first entry to apply, among those that count
 * @param version that stands before it; -1 before the initial model
 */
public record ReplayStart(int entry, long version) {
    private static final ReplayStart BEGINNING = new ReplayStart(0, -1);

    /**
     * The earliest start; empty where there is none.
     *
     * @param entries of the log that count, in its order
     * @param kept whether all slices of an update are at hand
     * @param exact whether a version was published whole, with the very weights of the server
     */
    public static Optional<ReplayStart> of(
            List<NumberedVerdict> entries, Predicate<UpdateId> kept, LongPredicate exact) {
        int gap = lastGap(entries, kept);
        if (gap < 0) {
            return Optional.of(BEGINNING);
        }
        boolean[] more = needsMoreThanWeights(entries);
        int held = 0;
        for (int i = 0; i < entries.size(); i++) {
            NumberedVerdict entry = entries.get(i);
            held = heldAfter(entry.getVerdict(), held);
            boolean whole = entry.getNewVersion() && held == 0 && !more[i + 1];
            if (i >= gap && whole && exact.test(entry.getVersion())) {
                return Optional.of(new ReplayStart(i + 1, entry.getVersion()));
            }
        }
        return Optional.empty();
    }

    /** The last update that counts in the model and is not kept. */
    public static Optional<UpdateId> newestGone(
            List<NumberedVerdict> entries, Predicate<UpdateId> kept) {
        int gap = lastGap(entries, kept);
        return gap < 0 ? Optional.empty() : merged(entries.get(gap).getVerdict());
    }

    /** The update that an entry takes into the model, or into that of its round. */
    public static Optional<UpdateId> merged(Verdict verdict) {
        return verdict.hasAdmitted() || verdict.hasHeld()
                ? UpdateIds.of(verdict)
                : Optional.empty();
    }

    private static int lastGap(List<NumberedVerdict> entries, Predicate<UpdateId> kept) {
        for (int i = entries.size() - 1; i >= 0; i--) {
            Optional<UpdateId> id = merged(entries.get(i).getVerdict());
            if (id.isPresent() && !kept.test(id.get())) {
                return i;
            }
        }
        return -1;
    }

    private static int heldAfter(Verdict verdict, int held) {
        return verdict.hasHeld() ? held + 1 : verdict.hasRoundClosed() ? 0 : held;
    }

    /** By position: whether this entry or a later one takes up what no published version holds. */
    private static boolean[] needsMoreThanWeights(List<NumberedVerdict> entries) {
        boolean[] needs = new boolean[entries.size() + 1];
        for (int i = entries.size() - 1; i >= 0; i--) {
            Verdict verdict = entries.get(i).getVerdict();
            needs[i] =
                    needs[i + 1]
                            || verdict.getRoundClosed().getMomentum() != 0
                            || verdict.getAdmitted().getKind() == MergeKind.LOSS_WEIGHTED_SUM;
        }
        return needs;
    }
}
