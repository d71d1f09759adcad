package org.hermesml.operators;

import java.util.function.Consumer;
import org.hermesml.core.message.RefusalKind;
import org.hermesml.core.message.RefusedRecord;
import org.hermesml.core.message.RunSpec;
import org.hermesml.core.message.UpdateSlice;
import org.hermesml.core.state.ReceivedRecord;
import org.hermesml.core.state.RunEvent;
import org.hermesml.core.state.ShardEvent;
import org.hermesml.core.wire.CutCheck;
import org.hermesml.core.wire.SliceInspection;

/**
 * What becomes of the slices of one run: a sound one goes to its shard, and its ticket to
 * admission; of a faulty one whose update is known, the ticket alone. Nothing of a slice goes
 * anywhere before its run is known, and then everything at once: whoever waits for the rest of it
 * waits for what is on its way.
 */
record CheckedSlices(CutCheck cut) {
    static CheckedSlices of(RunSpec spec) {
        return new CheckedSlices(CutCheck.of(spec));
    }

    void check(
            ReceivedRecord record,
            UpdateSlice slice,
            Consumer<ShardEvent> shards,
            Consumer<RunEvent> tickets,
            Consumer<RefusedRecord> refused) {
        String misfit = cut.fault(slice);
        SliceInspection found =
                misfit.isEmpty()
                        ? SliceInspection.of(slice)
                        : new SliceInspection(RefusalKind.WRONG_SIZE, misfit, 0);
        if (found.fault().isEmpty()) {
            shards.accept(
                    ShardEvent.newBuilder()
                            .setRun(slice.getRun())
                            .setShard(slice.getShard())
                            .setSlice(slice)
                            .build());
        } else {
            refused.accept(refusal(record, slice, found.kind(), found.fault()));
        }
        tickets.accept(
                Events.of(found.ticket(slice, Readers.bytes(record))).toBuilder()
                        .setFrom(Refusals.from(record))
                        .build());
    }

    static RefusedRecord refusal(
            ReceivedRecord record, UpdateSlice slice, RefusalKind kind, String reason) {
        return Refusals.at(record, kind, reason)
                .setRun(slice.getRun())
                .setWorker(slice.getId().getWorker())
                .setId(slice.getId())
                .build();
    }
}
