package org.hermesml.operators;

import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.typeinfo.Types;
import org.hermesml.core.allocation.AllocationBook;
import org.hermesml.core.state.AllocationState;
import org.hermesml.core.state.WorkerLoad;

/** Of step `allocate`. */
final class AllocationBooks extends OpenBooks<AllocationBook> {
    private final ValueState<AllocationState> head;
    private final EntryState<WorkerLoad> workers;

    AllocationBooks(RunFunction<?, ?, ?> function) {
        head = function.value("allocation", ProtobufType.message(AllocationState.class));
        workers =
                new EntryState<>(
                        function.map(
                                "allocation-workers",
                                Types.STRING,
                                ProtobufType.message(WorkerLoad.class)));
    }

    @Override
    protected AllocationBook read() throws Exception {
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

    @Override
    void write(AllocationBook book) throws Exception {
        head.update(book.run().build());
        workers.write(book.workers());
    }
}
