package org.hermesml.core.admission;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import org.hermesml.core.log.UpdateIds;
import org.hermesml.core.message.UpdateId;
import org.hermesml.core.state.Member;
import org.hermesml.core.state.PendingUpdate;

/**
 * Updates of which slices or a score are here, and no report. Only so many of a worker are kept,
 * and only so many of those whose life nobody has said hello for (yet: after a restore slices may
 * be read before the hello).
 */
final class Uncommitted {
    /**
     * A worker sends one update at a time; what else bears its name is of earlier ones, or forged.
     */
    private static final int MOST_OF_A_LIFE = 4;

    private static final int MOST_OF_UNKNOWN_LIVES = 256;
    private static final int MOST_FORGOTTEN = 64;

    private static final Comparator<PendingUpdate> LONGEST_WITHOUT_PROGRESS =
            Comparator.comparingLong(PendingUpdate::getProgressMs)
                    .thenComparing(update -> UpdateIds.print(update.getId()));

    static PendingUpdate get(AdmissionBook book, UpdateId id) {
        return book.uncommitted()
                .getOrDefault(UpdateIds.print(id), PendingUpdate.getDefaultInstance());
    }

    static void put(AdmissionBook book, PendingUpdate update) {
        book.uncommitted().put(UpdateIds.print(update.getId()), update);
    }

    /**
     * Takes out what there is of {@code id}, and with it earlier ones of its worker: a report of a
     * later one is here.
     */
    static PendingUpdate take(AdmissionBook book, UpdateId id) {
        PendingUpdate taken = get(book, id);
        dropUpTo(book, id);
        return taken;
    }

    /** No verdict on {@code id} or an earlier one of its worker will follow. */
    static void dropUpTo(AdmissionBook book, UpdateId id) {
        if (book.uncommitted().size() == 0) {
            return;
        }
        List.copyOf(book.uncommitted().asMap().values()).stream()
                .map(PendingUpdate::getId)
                .filter(other -> other.getWorker().equals(id.getWorker()))
                .filter(other -> UpdateIds.AGE.compare(other, id) <= 0)
                .forEach(other -> book.uncommitted().remove(UpdateIds.print(other)));
    }

    static boolean isForgotten(AdmissionBook book, UpdateId id) {
        return book.run().getForgottenList().contains(id);
    }

    /** Gives it up, so that whoever keeps its slices may do so too: no verdict will name it. */
    static void forget(AdmissionBook book, UpdateId id) {
        book.uncommitted().remove(UpdateIds.print(id));
        List<UpdateId> kept = new ArrayList<>(book.run().getForgottenList());
        kept.add(id);
        book.run()
                .clearForgotten()
                .addAllForgotten(
                        kept.subList(Math.max(0, kept.size() - MOST_FORGOTTEN), kept.size()));
    }

    /**
     * Nobody listened until now: what is here has made no progress since, for want of a listener.
     */
    static void resume(AdmissionBook book, long nowMs) {
        List.copyOf(book.uncommitted().asMap().values())
                .forEach(update -> put(book, update.toBuilder().setProgressMs(nowMs).build()));
    }

    /**
     * Those of earlier lives, and those without progress since {@code sinceMs}. In one order,
     * whatever the process.
     */
    static List<PendingUpdate> due(AdmissionBook book, long sinceMs) {
        return book.uncommitted().asMap().values().stream()
                .filter(
                        update ->
                                update.getProgressMs() <= sinceMs || isOfEarlierLife(book, update))
                .sorted(LONGEST_WITHOUT_PROGRESS)
                .toList();
    }

    static boolean isOfEarlierLife(AdmissionBook book, PendingUpdate update) {
        Member member = book.members().get(update.getId().getWorker());
        return member != null && update.getId().getIncarnation() < member.getIncarnation();
    }

    /** Whether it is the update that its worker would send now, as far as its reports are known. */
    static boolean isNext(AdmissionBook book, UpdateId id) {
        Member member = book.members().get(id.getWorker());
        return member != null
                && member.getIncarnation() == id.getIncarnation()
                && id.getSequence() <= member.getClock() + 1
                && !book.log().isDecided(id);
    }

    /** Those that are too many, whether they make progress or not. */
    static List<PendingUpdate> surplus(AdmissionBook book) {
        if (book.uncommitted().size() <= MOST_OF_A_LIFE) {
            return List.of();
        }
        TreeMap<String, List<PendingUpdate>> byLife = new TreeMap<>();
        List<PendingUpdate> unknown = new ArrayList<>();
        for (PendingUpdate update : book.uncommitted().asMap().values()) {
            String worker = update.getId().getWorker();
            Member member = book.members().get(worker);
            boolean known =
                    member != null && member.getIncarnation() >= update.getId().getIncarnation();
            (known ? byLife.computeIfAbsent(worker, w -> new ArrayList<>()) : unknown).add(update);
        }
        List<PendingUpdate> surplus = new ArrayList<>(oldest(unknown, MOST_OF_UNKNOWN_LIVES));
        byLife.values().forEach(of -> surplus.addAll(oldest(of, MOST_OF_A_LIFE)));
        return surplus;
    }

    private static List<PendingUpdate> oldest(List<PendingUpdate> all, int kept) {
        return all.stream()
                .sorted(LONGEST_WITHOUT_PROGRESS)
                .limit(Math.max(0, all.size() - kept))
                .toList();
    }

    private Uncommitted() {}
}
