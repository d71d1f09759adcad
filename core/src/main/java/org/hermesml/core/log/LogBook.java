package org.hermesml.core.log;

import java.util.List;
import java.util.stream.IntStream;
import org.hermesml.core.check.VerdictCheck;
import org.hermesml.core.keyed.KeyedEntries;
import org.hermesml.core.message.UpdateId;
import org.hermesml.core.message.Verdict;
import org.hermesml.core.state.NumberedVerdict;
import org.hermesml.core.state.VerdictLogState;

/**
 * A verdict log as read so far, for who reads on and on: an entry costs the same however many
 * workers there are. What counts is said at {@link VerdictLog}. One thread at a time.
 */
public final class LogBook {
    private final KeyedEntries<UpdateId> decided = new KeyedEntries<>();
    private VerdictLogState head;

    public LogBook(VerdictLogState state) {
        head = state.toBuilder().clearDecided().build();
        decided.putAll(state.getDecidedMap());
    }

    /** All but who was decided on: {@link #decided}. */
    public VerdictLogState head() {
        return head;
    }

    /** The highest decided update by worker. */
    public KeyedEntries<UpdateId> decided() {
        return decided;
    }

    /** All in one. */
    public VerdictLogState state() {
        return head.toBuilder().putAllDecided(decided.asMap()).build();
    }

    /** The version that stands after all entries so far; -1 before the initial model. */
    public long version() {
        return VerdictLog.version(head);
    }

    /** Whether the fate of {@code id} is decided, or that of a later update of the same worker. */
    public boolean isDecided(UpdateId id) {
        UpdateId highest = decided.get(id.getWorker());
        return highest != null && UpdateIds.AGE.compare(id, highest) <= 0;
    }

    /**
     * The next entry.
     *
     * @return it with its number, marked where it is ignored
     */
    public NumberedVerdict read(Verdict verdict) {
        if (head.getEnded() || !VerdictCheck.fault(verdict).isEmpty()) {
            return ignored(verdict);
        }
        if (verdict.hasResumed()) {
            long newest = Math.max(head.getLife(), verdict.getLife());
            head = head.toBuilder().setLife(newest).build();
            return ignored(verdict);
        }
        if (verdict.getLife() != head.getLife()) {
            return ignored(verdict);
        }
        return switch (verdict.getDecisionCase()) {
            case ADMITTED -> admitted(verdict);
            case HELD -> held(verdict);
            case REFUSED -> refused(verdict);
            case ROUND_CLOSED -> roundClosed(verdict);
            case END -> counts(head.toBuilder().setEnded(true), verdict, false, List.of());
            case RELEASED -> counts(head.toBuilder(), verdict, false, List.of());
            case RESUMED, DECISION_NOT_SET -> ignored(verdict);
        };
    }

    private NumberedVerdict admitted(Verdict verdict) {
        UpdateId id = verdict.getAdmitted().getId();
        boolean beforeInitial = head.getVersionPlusOne() == 0 && !UpdateIds.isInitial(id);
        if (isDecided(id) || beforeInitial) {
            return ignored(verdict);
        }
        decided.put(id.getWorker(), id);
        return counts(head.toBuilder(), verdict, true, List.of(id));
    }

    private NumberedVerdict held(Verdict verdict) {
        UpdateId id = verdict.getHeld().getId();
        if (isDecided(id)
                || head.getVersionPlusOne() == 0
                || verdict.getHeld().getRound() != head.getRound()) {
            return ignored(verdict);
        }
        decided.put(id.getWorker(), id);
        boolean settles = verdict.getHeld().getSettles();
        VerdictLogState.Builder next = head.toBuilder().addHeld(id).addHeldSettled(settles);
        return counts(next, verdict, false, settles ? List.of(id) : List.of());
    }

    private NumberedVerdict refused(Verdict verdict) {
        UpdateId id = verdict.getRefused().getId();
        if (isDecided(id)) {
            return ignored(verdict);
        }
        decided.put(id.getWorker(), id);
        return counts(head.toBuilder(), verdict, false, List.of(id));
    }

    private NumberedVerdict roundClosed(Verdict verdict) {
        if (verdict.getRoundClosed().getRound() != head.getRound() || head.getHeldCount() == 0) {
            return ignored(verdict);
        }
        List<UpdateId> settled =
                IntStream.range(0, head.getHeldCount())
                        .filter(i -> !VerdictLog.heldIsSettled(head, i))
                        .mapToObj(head::getHeld)
                        .toList();
        VerdictLogState.Builder next =
                head.toBuilder().setRound(head.getRound() + 1).clearHeld().clearHeldSettled();
        return counts(next, verdict, true, settled);
    }

    private NumberedVerdict counts(
            VerdictLogState.Builder next,
            Verdict verdict,
            boolean newVersion,
            List<UpdateId> settled) {
        long index = next.getEntries();
        next.setEntries(index + 1);
        if (newVersion) {
            next.setVersionPlusOne(next.getVersionPlusOne() + 1);
        }
        head = next.build();
        return NumberedVerdict.newBuilder()
                .setVerdict(verdict)
                .setVersion(version())
                .setNewVersion(newVersion)
                .setIndex(index)
                .addAllSettled(settled)
                .build();
    }

    private NumberedVerdict ignored(Verdict verdict) {
        return NumberedVerdict.newBuilder()
                .setVerdict(verdict)
                .setVersion(version())
                .setIgnored(true)
                .build();
    }
}
