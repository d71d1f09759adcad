package org.hermesml.core.check;

import org.hermesml.core.message.UpdateId;

/** Whether an update can have such an id at all. Pure. */
public final class UpdateIdCheck {
    /** One sentence; empty when nothing is wrong. */
    public static String fault(UpdateId id) {
        if (id.getWorker().isEmpty()) {
            return id.getIncarnation() == 0 && id.getSequence() == 0
                    ? ""
                    : "the update names no worker";
        }
        if (!Names.isWorker(id.getWorker())) {
            return "'" + id.getWorker() + "' is no name of a worker";
        }
        boolean counts =
                Counts.isOne(id.getIncarnation())
                        && id.getSequence() >= 1
                        && Counts.isOne(id.getSequence());
        return counts
                ? ""
                : "there is no update "
                        + id.getSequence()
                        + " of an incarnation "
                        + id.getIncarnation();
    }

    private UpdateIdCheck() {}
}
