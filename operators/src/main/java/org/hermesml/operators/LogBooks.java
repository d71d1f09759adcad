package org.hermesml.operators;

import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.typeinfo.Types;
import org.hermesml.core.log.LogBook;
import org.hermesml.core.message.UpdateId;
import org.hermesml.core.state.VerdictLogState;

/** Verdict logs as read so far. */
final class LogBooks extends OpenBooks<LogBook> {
    private final ValueState<VerdictLogState> head;
    private final EntryState<UpdateId> decided;

    LogBooks(RunFunction<?, ?, ?> function) {
        head = function.value("log", ProtobufType.message(VerdictLogState.class));
        decided =
                new EntryState<>(
                        function.map(
                                "log-decided", Types.STRING, ProtobufType.message(UpdateId.class)));
    }

    @Override
    protected LogBook read() throws Exception {
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

    @Override
    void write(LogBook book) throws Exception {
        head.update(book.head());
        decided.write(book.decided());
    }
}
