package org.hermesml.operators;

import com.google.protobuf.Message;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.typeinfo.Types;
import org.hermesml.core.admission.AdmissionBook;
import org.hermesml.core.message.UpdateId;
import org.hermesml.core.state.AdmissionState;
import org.hermesml.core.state.Member;
import org.hermesml.core.state.PendingUpdate;
import org.hermesml.core.state.Trust;

/** Of step `decide`. */
final class AdmissionBooks extends OpenBooks<AdmissionBook> {
    private final ValueState<AdmissionState> head;
    private final EntryState<Member> members;
    private final EntryState<PendingUpdate> pending;
    private final EntryState<PendingUpdate> uncommitted;
    private final EntryState<Trust> trust;
    private final EntryState<UpdateId> decided;

    AdmissionBooks(RunFunction<?, ?, ?> function) {
        head = function.value("admission", ProtobufType.message(AdmissionState.class));
        members = entries(function, "admission-members", Member.class);
        pending = entries(function, "admission-pending", PendingUpdate.class);
        uncommitted = entries(function, "admission-uncommitted", PendingUpdate.class);
        trust = entries(function, "admission-trust", Trust.class);
        decided = entries(function, "admission-decided", UpdateId.class);
    }

    private static <V extends Message> EntryState<V> entries(
            RunFunction<?, ?, ?> function, String name, Class<V> type) {
        return new EntryState<>(function.map(name, Types.STRING, ProtobufType.message(type)));
    }

    @Override
    protected AdmissionBook read() throws Exception {
        AdmissionState kept = head.value();
        if (kept == null) {
            return AdmissionBook.empty();
        }
        // Of an earlier release all of it may be there in one; then all is to be written anew.
        AdmissionState.Builder all = kept.toBuilder();
        all.putAllMembers(members.read())
                .putAllPending(pending.read())
                .putAllUncommitted(uncommitted.read())
                .putAllTrust(trust.read())
                .getLogBuilder()
                .putAllDecided(decided.read());
        AdmissionBook book = new AdmissionBook(all.build());
        if (book.head().equals(kept)) {
            book.forgetChanges();
        }
        return book;
    }

    @Override
    void write(AdmissionBook book) throws Exception {
        head.update(book.head());
        members.write(book.members());
        pending.write(book.pending());
        uncommitted.write(book.uncommitted());
        trust.write(book.trust().workers());
        decided.write(book.log().decided());
    }
}
