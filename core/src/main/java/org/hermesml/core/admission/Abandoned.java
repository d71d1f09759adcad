package org.hermesml.core.admission;

import java.util.ArrayList;
import java.util.List;
import org.hermesml.core.log.UpdateIds;
import org.hermesml.core.message.RefusalKind;
import org.hermesml.core.message.UpdateId;
import org.hermesml.core.state.PendingUpdate;

/**
 * Gives up updates that nobody has committed: no verdict will name them, so who keeps their slices
 * is told. Lives for one call of {@link Admission#apply}.
 */
final class Abandoned {
    private final AdmissionBook book;
    private final int uncommittedBefore;
    private final List<Admission.Forgotten> forgotten = new ArrayList<>();

    Abandoned(AdmissionBook book) {
        this.book = book;
        this.uncommittedBefore = book.uncommitted().size();
    }

    List<Admission.Forgotten> forgotten() {
        return forgotten;
    }

    /** A slice came; where its update was given up before it is not needed either. */
    void sliceCame(UpdateId id) {
        if (Uncommitted.isForgotten(book, id)) {
            forgotten.add(
                    new Admission.Forgotten(
                            id, RefusalKind.LEFT_INCOMPLETE, "its update was given up before"));
        }
    }

    /** Gives up those without progress since {@code sinceMs}, and those that are too many. */
    void look(long sinceMs) {
        Uncommitted.due(book, sinceMs).forEach(this::giveUp);
        if (book.uncommitted().size() > uncommittedBefore) {
            for (PendingUpdate surplus : Uncommitted.surplus(book)) {
                forget(
                        surplus,
                        RefusalKind.TOO_MANY,
                        "more updates than are kept wait for the reports that belong to them");
            }
        }
    }

    private void giveUp(PendingUpdate update) {
        UpdateId id = update.getId();
        if (Uncommitted.isOfEarlierLife(book, update)) {
            forget(update, RefusalKind.EARLIER_LIFE, "a later life of this worker has begun");
        } else if (Uncommitted.isNext(book, id) && !book.pending().contains(id.getWorker())) {
            // Its worker may wait for a verdict: it gets the one that any incomplete update gets.
            book.uncommitted().remove(UpdateIds.print(id));
            book.pending().put(id.getWorker(), update);
        } else if (Roster.isOfPresentLife(book, id)) {
            forget(
                    update,
                    RefusalKind.LEFT_INCOMPLETE,
                    "the report that belongs to it did not come");
        } else {
            forget(
                    update,
                    RefusalKind.UNKNOWN_WORKER,
                    "no worker has said hello under this name and incarnation");
        }
    }

    private void forget(PendingUpdate update, RefusalKind kind, String reason) {
        Uncommitted.forget(book, update.getId());
        boolean faulty = !update.getFault().isEmpty();
        forgotten.add(
                new Admission.Forgotten(
                        update.getId(),
                        faulty ? update.getFaultKind() : kind,
                        faulty ? update.getFault() : reason));
    }
}
