package org.hermesml.operators;

import java.nio.charset.StandardCharsets;
import org.hermesml.core.Protocol;
import org.hermesml.core.check.Names;
import org.hermesml.core.check.Refusal;
import org.hermesml.core.message.RefusalKind;
import org.hermesml.core.message.RefusedRecord;
import org.hermesml.core.state.ReceivedFrom;
import org.hermesml.core.state.ReceivedRecord;

/** Writes down that, where and why a record is not taken. */
final class Refusals {
    /** Of a record of which nothing but its key can be read. */
    static RefusedRecord unread(ReceivedRecord record, Refusal why) {
        return at(record, why.kind(), why.getMessage()).setRun(runOf(record)).build();
    }

    /** To be completed with run, worker and id. */
    static RefusedRecord.Builder at(ReceivedRecord record, RefusalKind kind, String reason) {
        return of(kind, reason).setTopic(record.getTopic()).setAddress(record.getAddress());
    }

    static RefusedRecord.Builder at(ReceivedFrom from, RefusalKind kind, String reason) {
        RefusedRecord.Builder refused = of(kind, reason);
        if (from.hasAddress()) {
            refused.setTopic(from.getTopic()).setAddress(from.getAddress());
        }
        return refused;
    }

    static RefusedRecord.Builder of(RefusalKind kind, String reason) {
        return RefusedRecord.newBuilder()
                .setProtocol(Protocol.VERSION)
                .setKind(kind)
                .setReason(reason);
    }

    static ReceivedFrom from(ReceivedRecord record) {
        return ReceivedFrom.newBuilder()
                .setTopic(record.getTopic())
                .setAddress(record.getAddress())
                .build();
    }

    /** By its key, which begins with the run in every topic; empty where that names none. */
    private static String runOf(ReceivedRecord record) {
        String run = Keys.runOf(new String(record.getKey().toByteArray(), StandardCharsets.UTF_8));
        return Names.isRun(run) ? run : "";
    }

    private Refusals() {}
}
