package org.hermesml.core.allocation;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Who answers for which block of training data: every block has exactly one live owner, no worker
 * owns two blocks more than another, and as few blocks as possible move when workers come and go.
 */
final class Ownership {
    /**
     * @param owned blocks by live worker, in the order each worker keeps them; may lack blocks, or
     *     hold too many
     * @param blocks there are; block numbers run from 0
     * @return for the same workers; what stays keeps its order, what is new follows
     */
    static SortedMap<String, List<Integer>> balance(Map<String, List<Integer>> owned, int blocks) {
        SortedMap<String, List<Integer>> balanced = new TreeMap<>();
        if (owned.isEmpty()) {
            return balanced;
        }
        Set<Integer> taken = new HashSet<>();
        Map<String, Integer> quotas = quotas(owned, blocks);
        new TreeMap<>(owned)
                .forEach(
                        (worker, list) ->
                                balanced.put(
                                        worker, kept(list, quotas.get(worker), blocks, taken)));
        Deque<Integer> free = new ArrayDeque<>();
        for (int block = 0; block < blocks; block++) {
            if (!taken.contains(block)) {
                free.add(block);
            }
        }
        dealOut(free, balanced, quotas);
        return balanced;
    }

    /**
     * For blocks that differ: each worker has those of one stretch, the first by name the first
     * ones; what belongs to one who is gone is dealt out among the others, and nobody else's moves.
     *
     * @param known all workers that were ever there, in any order
     * @param live those of them that are there
     */
    static SortedMap<String, List<Integer>> stretches(
            Collection<String> known, Collection<String> live, int blocks) {
        SortedMap<String, List<Integer>> stretches = new TreeMap<>();
        new TreeSet<>(live).forEach(worker -> stretches.put(worker, new ArrayList<>()));
        if (stretches.isEmpty()) {
            return stretches;
        }
        List<String> all = new ArrayList<>(new TreeSet<>(known));
        List<Integer> free = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            List<Integer> mine = stretches.getOrDefault(all.get(i), free);
            long end = (i + 1L) * blocks / all.size();
            for (int block = (int) ((long) i * blocks / all.size()); block < end; block++) {
                mine.add(block);
            }
        }
        List<List<Integer>> heirs = List.copyOf(stretches.values());
        for (int i = 0; i < free.size(); i++) {
            heirs.get(i % heirs.size()).add(free.get(i));
        }
        return stretches;
    }

    private static List<Integer> kept(
            List<Integer> list, int quota, int blocks, Set<Integer> taken) {
        List<Integer> kept = new ArrayList<>();
        for (int block : list) {
            if (kept.size() < quota && block >= 0 && block < blocks && taken.add(block)) {
                kept.add(block);
            }
        }
        return kept;
    }

    /**
     * One block at a time to each worker in turn, so that neighbours in the data set spread over
     * the workers.
     */
    private static void dealOut(
            Deque<Integer> free,
            SortedMap<String, List<Integer>> balanced,
            Map<String, Integer> quotas) {
        while (!free.isEmpty()) {
            balanced.forEach(
                    (worker, list) -> {
                        if (list.size() < quotas.get(worker) && !free.isEmpty()) {
                            list.add(free.remove());
                        }
                    });
        }
    }

    /** Who owns most keeps the odd blocks: then the fewest move. */
    private static Map<String, Integer> quotas(Map<String, List<Integer>> owned, int blocks) {
        List<String> byWealth = new ArrayList<>(owned.keySet());
        byWealth.sort(
                Comparator.comparingInt((String w) -> -owned.get(w).size())
                        .thenComparing(Comparator.naturalOrder()));
        Map<String, Integer> quotas = new TreeMap<>();
        for (int i = 0; i < byWealth.size(); i++) {
            int odd = i < blocks % byWealth.size() ? 1 : 0;
            quotas.put(byWealth.get(i), blocks / byWealth.size() + odd);
        }
        return quotas;
    }

    private Ownership() {}
}
