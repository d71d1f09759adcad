package org.hermesml.operators;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import org.hermesml.core.message.Report;
import org.hermesml.core.message.RunRecord;
import org.hermesml.core.message.UpdateSlice;
import org.hermesml.core.message.Verdict;
import org.hermesml.core.wire.Topics;

/** A record on its way to one of the job's topics, named without its prefix. */
record SentRecord(String topic, String key, ByteString value) {
    static SentRecord of(Message message) {
        return new SentRecord(topic(message), key(message), message.toByteString());
    }

    /** The same place with something else in it. */
    SentRecord with(ByteString other) {
        return new SentRecord(topic, key, other);
    }

    private static String topic(Message message) {
        return message instanceof RunRecord
                ? "runs"
                : message instanceof Report
                        ? "reports"
                        : message instanceof UpdateSlice
                                ? "updates"
                                : message instanceof Verdict ? "verdicts" : "scores";
    }

    private static String key(Message message) {
        String run =
                (String) message.getField(message.getDescriptorForType().findFieldByName("run"));
        if (message instanceof Report report) {
            return Topics.workerKey(run, report.getWorker());
        }
        if (message instanceof UpdateSlice slice) {
            return Topics.workerKey(run, slice.getId().getWorker());
        }
        return run;
    }
}
