package org.hermesml.core.admission;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.ToLongFunction;
import org.hermesml.core.keyed.Deadlines;
import org.hermesml.core.keyed.KeyedEntries;
import org.hermesml.core.state.PendingUpdate;

/**
 * Which undecided updates an event may concern, and when the next one is due. Follows from the book
 * and is kept as that changes: thousands may lie there and rest, until a time or a change of their
 * own. One thread at a time.
 */
final class Agenda {
    private static final Comparator<PendingUpdate> BY_WORKER =
            Comparator.comparing(pending -> pending.getId().getWorker());

    private final RunRules rules;
    private final AdmissionBook book;
    private final Set<String> changedPending;
    private final Set<String> changedMembers;
    private final Set<String> changedTrust;

    /** By worker, so that the order does not hang on a map's. */
    private final TreeSet<String> awake = new TreeSet<>();

    private final Deadlines rests = new Deadlines();
    private final Wakes pendingWakes;
    private final Wakes uncommittedWakes;

    Agenda(RunRules rules, AdmissionBook book) {
        this.rules = rules;
        this.book = book;
        this.changedPending = book.pending().follow();
        this.changedMembers = book.members().follow();
        this.changedTrust = book.trust().workers().follow();
        this.pendingWakes = new Wakes(book.pending());
        this.uncommittedWakes = new Wakes(book.uncommitted());
    }

    boolean isBy(RunRules others) {
        return rules == others;
    }

    /** Those that may have become due, by worker. */
    List<PendingUpdate> toLookAt(Trial trial, long nowMs) {
        takeIn(nowMs);
        if (trial.versionIsLate()) {
            return book.pending().asMap().values().stream()
                    .filter(pending -> !pending.getDecided())
                    .sorted(BY_WORKER)
                    .toList();
        }
        List<PendingUpdate> due = new ArrayList<>();
        for (Iterator<String> workers = awake.iterator(); workers.hasNext(); ) {
            String worker = workers.next();
            PendingUpdate pending = book.pending().get(worker);
            if (pending == null || pending.getDecided()) {
                workers.remove();
                continue;
            }
            long untilMs = restsUntilMs(trial, pending);
            if (untilMs > nowMs) {
                rests.set(worker, untilMs);
                workers.remove();
            } else {
                due.add(pending);
            }
        }
        return due;
    }

    private void takeIn(long nowMs) {
        for (Set<String> changed : List.of(changedPending, changedMembers, changedTrust)) {
            for (String worker : changed) {
                rests.set(worker, Long.MAX_VALUE);
                awake.add(worker);
            }
            changed.clear();
        }
        Optional<String> rested = rests.takeDue(nowMs);
        while (rested.isPresent()) {
            awake.add(rested.get());
            rested = rests.takeDue(nowMs);
        }
    }

    /** Until when nothing but a change can have an effect; 0 where it must be looked at. */
    private long restsUntilMs(Trial trial, PendingUpdate pending) {
        if (trial.waitsForScore(pending)) {
            return pending.getReadyMs() + rules.scoreDeadlineMs();
        }
        boolean unfinished =
                !rules.pendingUpdates().isReady(pending)
                        && !Uncommitted.isOfEarlierLife(book, pending);
        return unfinished ? pending.getProgressMs() + rules.pushDeadlineMs() : 0;
    }

    /**
     * The nearest deadline of an update still ahead, {@link Long#MAX_VALUE} for none; one that has
     * passed was acted upon or waits for an event.
     */
    long nextDueMs(long nowMs) {
        return Math.min(
                pendingWakes.next(nowMs, pending -> pendingDueMs(pending, nowMs)),
                uncommittedWakes.next(nowMs, update -> uncommittedDueMs(update, nowMs)));
    }

    private long pendingDueMs(PendingUpdate pending, long nowMs) {
        Nearest nearest = new Nearest(nowMs);
        boolean ready = rules.pendingUpdates().isReady(pending);
        if (ready) {
            nearest.add(rules.pendingUpdates().mendableUntilMs(pending));
        }
        if (pending.getReadyMs() > 0) {
            nearest.add(pending.getReadyMs() + rules.scoreDeadlineMs());
        } else if (!ready) {
            nearest.add(pending.getProgressMs() + rules.pushDeadlineMs());
        }
        return nearest.dueMs();
    }

    private long uncommittedDueMs(PendingUpdate update, long nowMs) {
        return new Nearest(nowMs).add(update.getProgressMs() + rules.pushDeadlineMs()).dueMs();
    }

    /** The nearest deadline of each of some updates. */
    private static final class Wakes {
        private final KeyedEntries<PendingUpdate> updates;
        private final Set<String> changed;
        private final Deadlines nearest = new Deadlines();

        Wakes(KeyedEntries<PendingUpdate> updates) {
            this.updates = updates;
            this.changed = updates.follow();
        }

        long next(long nowMs, ToLongFunction<PendingUpdate> dueMs) {
            changed.forEach(key -> set(key, dueMs));
            changed.clear();
            Optional<String> passed = nearest.takeDue(nowMs);
            while (passed.isPresent()) {
                set(passed.get(), dueMs);
                passed = nearest.takeDue(nowMs);
            }
            return nearest.nextMs();
        }

        private void set(String key, ToLongFunction<PendingUpdate> dueMs) {
            PendingUpdate update = updates.get(key);
            nearest.set(key, update == null ? Long.MAX_VALUE : dueMs.applyAsLong(update));
        }
    }
}
