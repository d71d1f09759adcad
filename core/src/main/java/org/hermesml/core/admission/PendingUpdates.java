package org.hermesml.core.admission;

import java.util.Optional;
import org.hermesml.core.log.UpdateIds;
import org.hermesml.core.message.RefusalKind;
import org.hermesml.core.message.UpdateForm;
import org.hermesml.core.message.UpdateId;
import org.hermesml.core.state.AccountedReport;
import org.hermesml.core.state.PendingUpdate;
import org.hermesml.core.state.Ticket;
import org.hermesml.core.wire.CutCheck;
import org.hermesml.core.wire.Slicing;

/**
 * Collects what belongs to one update: a ticket for each slice and, but for the initial model, the
 * pushing report. The report commits the update: at most one of a worker is committed and
 * undecided, since it waits for its verdict. Slices alone commit nothing, for anybody can number
 * them as he likes: until their report is here they are kept aside ({@link Uncommitted}), where
 * they are in nobody's way.
 */
final class PendingUpdates {
    private static final long MENDABLE_MS = 1_000;

    private final CutCheck cut;

    PendingUpdates(Slicing slicing, UpdateForm form) {
        this.cut = new CutCheck(slicing, form);
    }

    int shardCount() {
        return cut.slicing().shardCount();
    }

    void addTicket(AdmissionBook book, Ticket ticket, long nowMs) {
        book.run().setBytesUp(book.run().getBytesUp() + ticket.getRecordBytes());
        slot(book, ticket.getId())
                .ifPresent(
                        update -> {
                            take(update, ticket);
                            put(book, update.setProgressMs(nowMs).build());
                        });
    }

    private void take(PendingUpdate.Builder update, Ticket ticket) {
        boolean good = ticket.getFault().isEmpty();
        String fault = good ? cut.fault(ticket) : ticket.getFault();
        if (fault.isEmpty()) {
            update.putGoodSlices(ticket.getSlice(), ticket.getSquaredNorm());
        } else if (update.getFault().isEmpty()) {
            update.setFault(fault)
                    .setFaultKind(good ? RefusalKind.WRONG_SIZE : ticket.getFaultKind());
        }
        update.setSliceCount(cut.slicing().sliceCount()).setFormValue(ticket.getFormValue());
    }

    /**
     * @param work samples that went into the update, epochs counted
     */
    void addReport(AdmissionBook book, AccountedReport report, double work, long nowMs) {
        UpdateId id =
                UpdateIds.of(
                        report.getWorker(),
                        report.getIncarnation(),
                        report.getIteration().getClock());
        PendingUpdate present = book.pending().get(id.getWorker());
        boolean overtaken = present != null && UpdateIds.AGE.compare(id, present.getId()) < 0;
        if (book.log().isDecided(id) || overtaken) {
            return;
        }
        PendingUpdate.Builder update =
                (present != null && present.getId().equals(id)
                                ? present
                                : Uncommitted.take(book, id))
                        .toBuilder();
        update.setId(id).setReport(report.getIteration()).setWork(work).setProgressMs(nowMs);
        if (!report.getFault().isEmpty()) {
            update.setFault(report.getFault()).setFaultKind(report.getFaultKind());
        } else if (Uncommitted.isForgotten(book, id)) {
            update.setFault("its report came too long after its slices")
                    .setFaultKind(RefusalKind.LEFT_INCOMPLETE)
                    .clearGoodSlices();
        }
        book.pending().put(id.getWorker(), update.build());
    }

    /**
     * The score may be here before the update: they come by different ways.
     *
     * @param rough whether it is that of a part of the held-out samples
     */
    void addScore(AdmissionBook book, UpdateId id, double loss, boolean rough, long nowMs) {
        slot(book, id)
                .ifPresent(
                        update -> {
                            if (update.getProgressMs() == 0) {
                                update.setProgressMs(nowMs);
                            }
                            update.setScore(loss).setScored(true).setRough(rough);
                            put(book, update.build());
                        });
    }

    /** Everything is in, so that it can be decided on: admitted when sound, refused when not. */
    boolean isReady(PendingUpdate update) {
        return !update.getDecided()
                && isCommitted(update)
                && (!update.getFault().isEmpty() || isWhole(update));
    }

    /**
     * Why it must be refused; empty when it must not. A slice that came once more as it should be
     * makes up for one that was not.
     */
    String fault(PendingUpdate update) {
        return isOfSlice(update) && isWhole(update) ? "" : update.getFault();
    }

    /**
     * Until when a slice may still come that makes up for a broken one: the report goes by another
     * way, and overtakes slices.
     */
    long mendableUntilMs(PendingUpdate update) {
        return isOfSlice(update) && !isWhole(update)
                ? update.getProgressMs() + MENDABLE_MS
                : Long.MIN_VALUE;
    }

    private static boolean isOfSlice(PendingUpdate update) {
        return switch (update.getFaultKind()) {
            case WRONG_SIZE, WRONG_CHECKSUM, NOT_FINITE -> true;
            default -> false;
        };
    }

    private boolean isWhole(PendingUpdate update) {
        return update.getGoodSlicesCount() == cut.slicing().sliceCount();
    }

    private static boolean isCommitted(PendingUpdate update) {
        return update.hasReport() || UpdateIds.isInitial(update.getId());
    }

    /** The collecting place of {@code id}; empty when its fate is decided, or nobody's. */
    private static Optional<PendingUpdate.Builder> slot(AdmissionBook book, UpdateId id) {
        boolean namesNobody = UpdateIds.isInitial(id) && !id.equals(UpdateIds.INITIAL);
        if (namesNobody || book.log().isDecided(id) || Uncommitted.isForgotten(book, id)) {
            return Optional.empty();
        }
        PendingUpdate present = book.pending().get(id.getWorker());
        if (present != null && present.getId().equals(id)) {
            return Optional.of(present.toBuilder());
        }
        return Optional.of(Uncommitted.get(book, id).toBuilder().setId(id));
    }

    private static void put(AdmissionBook book, PendingUpdate update) {
        PendingUpdate present = book.pending().get(update.getId().getWorker());
        boolean here = present != null && present.getId().equals(update.getId());
        if (here || isCommitted(update)) {
            book.pending().put(update.getId().getWorker(), update);
        } else {
            Uncommitted.put(book, update);
        }
    }
}
