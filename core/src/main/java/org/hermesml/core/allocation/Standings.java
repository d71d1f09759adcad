package org.hermesml.core.allocation;

import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.hermesml.core.allocation.AllocationRound.Standing;
import org.hermesml.core.keyed.SortedNumbers;

/**
 * What is known of the workers that a round compares, kept in order: of many only few have news at
 * a time. One thread at a time.
 */
final class Standings {
    private final Map<String, Standing> all = new HashMap<>();
    private final SortedNumbers secondsAsSet = new SortedNumbers();
    private final SortedNumbers overheadSeconds = new SortedNumbers();
    private final Set<String> news = new LinkedHashSet<>();
    private double lastTarget = Double.NaN;

    void put(String worker, Standing standing) {
        all.put(worker, standing);
        secondsAsSet.put(worker, Math.max(Double.MIN_VALUE, standing.secondsAsSet()));
        overheadSeconds.put(worker, standing.overheadSeconds());
        news.add(worker);
    }

    void remove(String worker) {
        if (all.remove(worker) != null) {
            secondsAsSet.put(worker, 0);
            overheadSeconds.put(worker, 0);
            news.remove(worker);
        }
    }

    Map<String, Standing> all() {
        return Collections.unmodifiableMap(all);
    }

    /** NaN where none is known. */
    double secondsAsSet(double fraction) {
        return secondsAsSet.size() == 0 ? Double.NaN : Quartiles.quantile(secondsAsSet, fraction);
    }

    /** Of those that are known; 0 where none is. */
    double overheadSeconds(double fraction) {
        return overheadSeconds.size() == 0 ? 0 : Quartiles.quantile(overheadSeconds, fraction);
    }

    /**
     * Of which workers a look with this target may find what the look before did not: of all, or,
     * with the same target, of those with news. They have none after this.
     */
    Collection<String> toLookAt(double target) {
        List<String> workers = List.copyOf(target == lastTarget ? news : all.keySet());
        lastTarget = target;
        news.clear();
        return workers;
    }
}
