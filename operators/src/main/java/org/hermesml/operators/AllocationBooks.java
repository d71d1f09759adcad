package org.hermesml.operators;

import java.util.HashMap;
import java.util.Map;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.typeinfo.Types;
import org.hermesml.core.allocation.AllocationBook;
import org.hermesml.core.state.AllocationState;
import org.hermesml.core.state.WorkerLoad;

/** The allocation books of all runs, as {@link AdmissionBooks} keeps those of the admission. */
final class AllocationBooks {
    private final ValueState<AllocationState> head;
    private final EntryState<WorkerLoad> workers;
    private final Map<String, AllocationBook> open = new HashMap<>();

    AllocationBooks(RunFunction<?, ?, ?> function) {
        head = function.value("allocation", ProtobufType.message(AllocationState.class));
        workers =
                new EntryState<>(
                        function.map(
                                "allocation-workers",
                                Types.STRING,
                                ProtobufType.message(WorkerLoad.class)));
    }

    /** Of the run of the present key. */
    AllocationBook of(String run) throws Exception {
        AllocationBook book = open.get(run);
        if (book == null) {
            book = read();
            open.put(run, book);
        }
        return book;
    }

    private AllocationBook read() throws Exception {
        AllocationState kept = head.value();
        if (kept == null) {
            return AllocationBook.empty();
        }
        AllocationState all = kept.toBuilder().putAllWorkers(workers.read()).build();
        AllocationBook book = new AllocationBook(all);
        if (kept.getWorkersCount() == 0) {
            book.workers().forgetChanges();
        }
        return book;
    }

    /** After each event. */
    void write(AllocationBook book) throws Exception {
        head.update(book.run().build());
        workers.write(book.workers());
    }

    /** The state stays, or was cleared: what is in memory is not to be trusted, or not needed. */
    void close(String run) {
        open.remove(run);
    }
}
