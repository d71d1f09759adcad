package org.hermesml.core.admission;

import java.util.Optional;
import org.hermesml.core.log.UpdateIds;
import org.hermesml.core.log.VerdictLog;
import org.hermesml.core.message.UpdateForm;
import org.hermesml.core.message.UpdateId;
import org.hermesml.core.state.AccountedReport;
import org.hermesml.core.state.AdmissionState;
import org.hermesml.core.state.PendingUpdate;
import org.hermesml.core.state.Ticket;
import org.hermesml.core.wire.Slicing;

/**
 * Collects what belongs to one update: a ticket for each slice and, but for the initial model, the
 * pushing report. At most one update of a worker is undecided: a worker waits for its verdict.
 */
final class PendingUpdates {
    private final Slicing slicing;
    private final UpdateForm form;

    PendingUpdates(Slicing slicing, UpdateForm form) {
        this.slicing = slicing;
        this.form = form;
    }

    void addTicket(AdmissionState.Builder state, Ticket ticket, long nowMs) {
        state.setBytesUp(state.getBytesUp() + ticket.getRecordBytes());
        Optional<PendingUpdate.Builder> slot = slot(state, ticket.getId(), nowMs);
        slot.ifPresent(
                update -> {
                    String fault =
                            ticket.getFault().isEmpty() ? shapeFault(ticket) : ticket.getFault();
                    if (fault.isEmpty()) {
                        update.putGoodSlices(ticket.getSlice(), ticket.getSquaredNorm());
                    } else if (update.getFault().isEmpty()) {
                        update.setFault(fault);
                    }
                    update.setSliceCount(slicing.sliceCount()).setFormValue(ticket.getFormValue());
                    state.putPending(
                            ticket.getId().getWorker(), update.setProgressMs(nowMs).build());
                });
    }

    /**
     * @param work samples that went into the update, epochs counted
     */
    void addReport(AdmissionState.Builder state, AccountedReport report, double work, long nowMs) {
        UpdateId id =
                UpdateIds.of(
                        report.getWorker(),
                        report.getIncarnation(),
                        report.getIteration().getClock());
        Optional<PendingUpdate.Builder> slot = slot(state, id, nowMs);
        slot.ifPresent(
                update -> {
                    update.setReport(report.getIteration()).setWork(work).setProgressMs(nowMs);
                    if (!report.getFault().isEmpty()) {
                        update.setFault(report.getFault());
                    }
                    state.putPending(id.getWorker(), update.build());
                });
    }

    /**
     * The score may be here before the update: they come by different ways.
     *
     * @param rough whether it is that of a part of the held-out samples
     */
    void addScore(
            AdmissionState.Builder state, UpdateId id, double loss, boolean rough, long nowMs) {
        slot(state, id, nowMs)
                .ifPresent(
                        update ->
                                state.putPending(
                                        id.getWorker(),
                                        update.setScore(loss)
                                                .setScored(true)
                                                .setRough(rough)
                                                .build()));
    }

    /** Everything is in, so that it can be decided on: admitted when sound, refused when not. */
    boolean isReady(PendingUpdate update) {
        if (update.getDecided()) {
            return false;
        }
        boolean committed = update.hasReport() || UpdateIds.isInitial(update.getId());
        return committed
                && (!update.getFault().isEmpty()
                        || update.getGoodSlicesCount() == slicing.sliceCount());
    }

    /**
     * The collecting place of {@code id}; empty when its fate is decided or a newer update took its
     * place.
     */
    private static Optional<PendingUpdate.Builder> slot(
            AdmissionState.Builder state, UpdateId id, long nowMs) {
        boolean namesNobody = UpdateIds.isInitial(id) && !id.equals(UpdateIds.INITIAL);
        if (namesNobody || VerdictLog.isDecided(state.getLog(), id)) {
            return Optional.empty();
        }
        PendingUpdate present = state.getPendingMap().get(id.getWorker());
        if (present != null) {
            int age = UpdateIds.AGE.compare(id, present.getId());
            if (age < 0) {
                return Optional.empty();
            }
            if (age == 0) {
                return Optional.of(present.toBuilder());
            }
        }
        return Optional.of(PendingUpdate.newBuilder().setId(id).setProgressMs(nowMs));
    }

    private String shapeFault(Ticket ticket) {
        UpdateForm expected = UpdateIds.isInitial(ticket.getId()) ? UpdateForm.WEIGHTS : form;
        if (ticket.getForm() != expected) {
            return "the update carries " + ticket.getForm() + ", this run takes " + expected;
        }
        if (ticket.getSliceCount() != slicing.sliceCount()
                || ticket.getSlice() < 0
                || ticket.getSlice() >= slicing.sliceCount()) {
            return "slice "
                    + ticket.getSlice()
                    + " of "
                    + ticket.getSliceCount()
                    + " does not fit a model of "
                    + slicing.sliceCount()
                    + " slices";
        }
        Slicing.Slice slice = slicing.slices().get(ticket.getSlice());
        if (slice.first() != ticket.getFirst()
                || slice.count() != ticket.getCount()
                || slice.shard() != ticket.getShard()) {
            return "slice "
                    + ticket.getSlice()
                    + " of shard "
                    + ticket.getShard()
                    + " holds parameters "
                    + ticket.getFirst()
                    + " to "
                    + (ticket.getFirst() + ticket.getCount())
                    + ", this run wants "
                    + slice.first()
                    + " to "
                    + (slice.first() + slice.count());
        }
        return "";
    }
}
