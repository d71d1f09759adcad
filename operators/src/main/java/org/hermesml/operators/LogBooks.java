package org.hermesml.operators;

import java.util.HashMap;
import java.util.Map;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.typeinfo.Types;
import org.hermesml.core.log.LogBook;
import org.hermesml.core.message.UpdateId;
import org.hermesml.core.state.VerdictLogState;

/** The logs of all runs as read so far, kept as {@link AdmissionBooks} keeps admissions. */
final class LogBooks {
    private final ValueState<VerdictLogState> head;
    private final EntryState<UpdateId> decided;
    private final Map<String, LogBook> open = new HashMap<>();

    LogBooks(RunFunction<?, ?, ?> function) {
        head = function.value("log", ProtobufType.message(VerdictLogState.class));
        decided =
                new EntryState<>(
                        function.map(
                                "log-decided", Types.STRING, ProtobufType.message(UpdateId.class)));
    }

    /** Of the run of the present key. */
    LogBook of(String run) throws Exception {
        LogBook book = open.get(run);
        if (book == null) {
            book = read();
            open.put(run, book);
        }
        return book;
    }

    private LogBook read() throws Exception {
        VerdictLogState kept = head.value();
        if (kept == null) {
            return new LogBook(VerdictLogState.getDefaultInstance());
        }
        LogBook book = new LogBook(kept.toBuilder().putAllDecided(decided.read()).build());
        if (kept.getDecidedCount() == 0) {
            book.decided().forgetChanges();
        }
        return book;
    }

    /** After each entry. */
    void write(LogBook book) throws Exception {
        head.update(book.head());
        decided.write(book.decided());
    }

    /** The state was cleared. */
    void close(String run) {
        open.remove(run);
    }
}
