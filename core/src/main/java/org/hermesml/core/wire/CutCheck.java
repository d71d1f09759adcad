package org.hermesml.core.wire;

import org.hermesml.core.log.UpdateIds;
import org.hermesml.core.message.RunSpec;
import org.hermesml.core.message.UpdateForm;
import org.hermesml.core.message.UpdateId;
import org.hermesml.core.message.UpdateSlice;
import org.hermesml.core.method.Methods;
import org.hermesml.core.settings.Settings;
import org.hermesml.core.state.Ticket;

/**
 * Whether a slice is one of those that a run's model is cut into. Immutable.
 *
 * @param form that this run's updates have; the initial model comes as weights
 */
public record CutCheck(Slicing slicing, UpdateForm form) {
    /** Of the run that {@code spec} describes. */
    public static CutCheck of(RunSpec spec) {
        Settings settings = Settings.of(spec.getSettingsMap());
        return new CutCheck(
                Slicing.of(spec.getParameterCount(), settings), Methods.of(settings).updateForm());
    }

    /** One sentence; empty when it is. */
    public String fault(UpdateSlice slice) {
        return fault(
                formFault(slice.getId(), slice.getForm()),
                slice.getSliceCount(),
                new Slicing.Slice(
                        slice.getSlice(), slice.getShard(), slice.getFirst(), slice.getCount()));
    }

    /** Likewise of a slice of which only this is left. */
    public String fault(Ticket ticket) {
        return fault(
                formFault(ticket.getId(), ticket.getForm()),
                ticket.getSliceCount(),
                new Slicing.Slice(
                        ticket.getSlice(),
                        ticket.getShard(),
                        ticket.getFirst(),
                        ticket.getCount()));
    }

    private String fault(String formFault, int sliceCount, Slicing.Slice found) {
        if (!formFault.isEmpty()) {
            return formFault;
        }
        if (sliceCount != slicing.sliceCount()
                || found.slice() < 0
                || found.slice() >= slicing.sliceCount()) {
            return "slice "
                    + found.slice()
                    + " of "
                    + sliceCount
                    + " does not fit a model of "
                    + slicing.sliceCount()
                    + " slices";
        }
        Slicing.Slice wanted = slicing.slices().get(found.slice());
        return found.equals(wanted)
                ? ""
                : "slice "
                        + found.slice()
                        + " of shard "
                        + found.shard()
                        + " holds parameters "
                        + found.first()
                        + " to "
                        + (found.first() + found.count())
                        + ", this run wants "
                        + wanted.first()
                        + " to "
                        + (wanted.first() + wanted.count());
    }

    private String formFault(UpdateId id, UpdateForm found) {
        UpdateForm expected = UpdateIds.isInitial(id) ? UpdateForm.WEIGHTS : form;
        return found == expected
                ? ""
                : "the update carries " + found + ", this run takes " + expected;
    }
}
