package org.hermesml.core.allocation;

import java.util.HashSet;
import java.util.Set;
import org.hermesml.core.keyed.KeyedEntries;
import org.hermesml.core.state.WorkerLoad;

/**
 * The standings of a book's live workers, measured anew where their loads have changed. One thread
 * at a time.
 */
final class MeasuredLoads {
    private final Measurements measurements;
    private final KeyedEntries<WorkerLoad> loads;
    private final Set<String> news;
    private final Standings standings = new Standings();
    private final Set<String> unmeasured = new HashSet<>();
    private final Set<String> changeable = new HashSet<>();

    MeasuredLoads(Measurements measurements, KeyedEntries<WorkerLoad> loads) {
        this.measurements = measurements;
        this.loads = loads;
        this.news = loads.follow();
    }

    boolean isBy(Measurements others) {
        return measurements == others;
    }

    MeasuredLoads upToDate() {
        news.forEach(this::take);
        news.clear();
        return this;
    }

    private void take(String worker) {
        WorkerLoad load = loads.get(worker);
        boolean live = load != null && load.getLive();
        boolean measured = live && Measurements.isMeasured(load);
        put(unmeasured, worker, live && !measured);
        put(changeable, worker, live && measurements.mayChange(load));
        if (measured) {
            standings.put(worker, measurements.of(load));
        } else {
            standings.remove(worker);
        }
    }

    private static void put(Set<String> workers, String worker, boolean isIn) {
        if (isIn) {
            workers.add(worker);
        } else {
            workers.remove(worker);
        }
    }

    /** Whether the allocation of any live worker may change. */
    boolean mayChange() {
        return !changeable.isEmpty();
    }

    /** Whether all live workers are measured. */
    boolean isComplete() {
        return unmeasured.isEmpty();
    }

    /** Of those that are measured. */
    Standings standings() {
        return standings;
    }
}
