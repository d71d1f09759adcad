package org.hermesml.core.allocation;

import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.hermesml.core.state.Membership;
import org.hermesml.core.state.WorkerLoad;

/**
 * What changes for all when one worker comes or goes: who owns which block, and who is remembered.
 */
final class Members {
    /** Workers that are gone keep their n and b for when they return, but not without bound. */
    private static final int MOST_DEPARTED = 1_000;

    private final TrainingBlocks blocks;
    private final Residents residents;
    private final long startPatienceMs;
    private final boolean alike;

    /**
     * @param alike whether it does not matter which blocks a worker owns
     */
    Members(TrainingBlocks blocks, Residents residents, long startPatienceMs, boolean alike) {
        this.blocks = blocks;
        this.alike = alike;
        this.residents = residents;
        this.startPatienceMs = startPatienceMs;
    }

    /**
     * A worker came or went. One that has said hello again and again without finishing an iteration
     * gets data to try once more, but answers for none: others would never train on them.
     *
     * @param here whether it came
     */
    WorkerLoad changed(WorkerLoad known, Membership change, boolean here, long nowMs) {
        WorkerLoad.Builder load =
                known.toBuilder().setIncarnation(change.getIncarnation()).setLive(here);
        if (change.hasHello()) {
            load.setDataMemoryBytes(change.getHello().getDataMemoryBytes())
                    .setLocalSamples(change.getHello().getLocalSamples());
        }
        if (change.getIncarnation() > known.getIncarnation() || !known.hasAllocation()) {
            long since = known.getStartingSinceMs();
            load.setStartingSinceMs(since > 0 ? since : nowMs)
                    .setOwnsNothing(since > 0 && nowMs - since >= startPatienceMs);
        }
        return load.build();
    }

    /**
     * Gives every block a live owner. Where nobody lives that needs blocks, all stays as it was,
     * but for those that have samples of their own: they answer for none.
     */
    void shareOut(TreeMap<String, WorkerLoad> loads) {
        Map<String, List<Integer>> owned = new TreeMap<>();
        Set<String> known = new HashSet<>();
        loads.forEach(
                (worker, load) -> {
                    if (load.getLocalSamples() == 0) {
                        known.add(worker);
                        if (load.getLive() && !load.getOwnsNothing()) {
                            owned.put(worker, load.getOwnedList());
                        }
                    }
                });
        if (owned.isEmpty()) {
            loads.replaceAll(
                    (worker, load) -> load.getLocalSamples() > 0 ? owning(load, List.of()) : load);
            return;
        }
        SortedMap<String, List<Integer>> balanced =
                alike
                        ? Ownership.balance(owned, blocks.count())
                        : Ownership.stretches(known, owned.keySet(), blocks.count());
        loads.replaceAll((worker, load) -> owning(load, balanced.getOrDefault(worker, List.of())));
    }

    private WorkerLoad owning(WorkerLoad load, List<Integer> owned) {
        boolean same = load.getOwnedList().equals(owned);
        WorkerLoad changed = same ? load : load.toBuilder().clearOwned().addAllOwned(owned).build();
        int first = residents.rotates(changed) ? load.getFirstOwned() % owned.size() : 0;
        return first == changed.getFirstOwned()
                ? changed
                : changed.toBuilder().setFirstOwned(first).build();
    }

    static void forget(TreeMap<String, WorkerLoad> loads) {
        List<String> departed =
                loads.entrySet().stream()
                        .filter(e -> !e.getValue().getLive())
                        .sorted(Comparator.comparingLong(e -> e.getValue().getIncarnation()))
                        .map(Map.Entry::getKey)
                        .toList();
        departed.stream()
                .limit(Math.max(0, departed.size() - MOST_DEPARTED))
                .forEach(loads::remove);
    }
}
