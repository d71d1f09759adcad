package org.hermesml.core.wire;

import org.hermesml.core.log.UpdateIds;
import org.hermesml.core.message.UpdateForm;
import org.hermesml.core.message.UpdateId;
import org.hermesml.core.message.UpdateSlice;
import org.hermesml.core.state.Ticket;

/**
 * Whether a slice is one of those that a run's model is cut into. Immutable.
 *
 * @param form that this run's updates have; the initial model comes as weights
 */
public record CutCheck(Slicing slicing, UpdateForm form) {
    /** One sentence; empty when it is. */
    public String fault(UpdateSlice slice) {
        String fault = formFault(slice.getId(), slice.getForm());
        if (fault.isEmpty()) {
            fault = numberFault(slice.getSlice(), slice.getSliceCount());
        }
        return fault.isEmpty()
                ? placeFault(slice.getSlice(), slice.getShard(), slice.getFirst(), slice.getCount())
                : fault;
    }

    /** Likewise of a slice of which only this is left. */
    public String fault(Ticket ticket) {
        String fault = formFault(ticket.getId(), ticket.getForm());
        if (fault.isEmpty()) {
            fault = numberFault(ticket.getSlice(), ticket.getSliceCount());
        }
        return fault.isEmpty()
                ? placeFault(
                        ticket.getSlice(), ticket.getShard(), ticket.getFirst(), ticket.getCount())
                : fault;
    }

    private String formFault(UpdateId id, UpdateForm found) {
        UpdateForm expected = UpdateIds.isInitial(id) ? UpdateForm.WEIGHTS : form;
        return found == expected
                ? ""
                : "the update carries " + found + ", this run takes " + expected;
    }

    private String numberFault(int slice, int sliceCount) {
        boolean fits =
                sliceCount == slicing.sliceCount() && slice >= 0 && slice < slicing.sliceCount();
        return fits
                ? ""
                : "slice "
                        + slice
                        + " of "
                        + sliceCount
                        + " does not fit a model of "
                        + slicing.sliceCount()
                        + " slices";
    }

    private String placeFault(int slice, int shard, long first, int count) {
        Slicing.Slice wanted = slicing.slices().get(slice);
        return wanted.first() == first && wanted.count() == count && wanted.shard() == shard
                ? ""
                : "slice "
                        + slice
                        + " of shard "
                        + shard
                        + " holds parameters "
                        + first
                        + " to "
                        + (first + count)
                        + ", this run wants "
                        + wanted.first()
                        + " to "
                        + (wanted.first() + wanted.count());
    }
}
