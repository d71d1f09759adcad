package org.hermesml.core.allocation;

import java.util.List;
import java.util.Map;
import org.hermesml.core.keyed.KeyedEntries;
import org.hermesml.core.state.AllocationState;
import org.hermesml.core.state.WorkerLoad;

/**
 * The state of a run's allocation, open for changes: a run may have thousands of workers, and an
 * event concerns few of them. One thread at a time.
 */
public final class AllocationBook {
    private final AllocationState.Builder run;
    private final KeyedEntries<WorkerLoad> workers = new KeyedEntries<>();
    private MeasuredLoads measured;

    /** All of {@code state}'s entries count as changed. */
    public AllocationBook(AllocationState state) {
        run = state.toBuilder().clearWorkers();
        workers.putAll(state.getWorkersMap());
    }

    /** The state of a run before anything happened. */
    public static AllocationBook empty() {
        return new AllocationBook(AllocationState.getDefaultInstance());
    }

    /** What is there once, whatever the number of workers. */
    public AllocationState.Builder run() {
        return run;
    }

    public KeyedEntries<WorkerLoad> workers() {
        return workers;
    }

    /** By {@code measurements}, which are the same from call to call. */
    MeasuredLoads measured(Measurements measurements) {
        if (measured == null || !measured.isBy(measurements)) {
            measured = new MeasuredLoads(measurements, workers);
        }
        return measured.upToDate();
    }

    /** Those that are not as they were count as changed. */
    void putAll(Map<String, WorkerLoad> loads) {
        loads.forEach(
                (worker, load) -> {
                    if (workers.get(worker) != load) {
                        workers.put(worker, load);
                    }
                });
    }

    /** Who is not in {@code loads} is forgotten. */
    void replaceAll(Map<String, WorkerLoad> loads) {
        List.copyOf(workers.asMap().keySet()).stream()
                .filter(worker -> !loads.containsKey(worker))
                .forEach(workers::remove);
        putAll(loads);
    }

    /** From now on nothing counts as changed. */
    public void forgetChanges() {
        workers.forgetChanges();
    }

    /** All in one. */
    public AllocationState state() {
        return run.clone().putAllWorkers(workers.asMap()).build();
    }
}
