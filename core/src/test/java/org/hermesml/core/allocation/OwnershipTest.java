package org.hermesml.core.allocation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class OwnershipTest {
    @Test
    void everyBlockHasOneOwnerAndNobodyOwnsTwoMoreThanAnother() {
        Random random = new Random(2);
        for (int trial = 0; trial < 300; trial++) {
            int blocks = 1 + random.nextInt(60);
            SortedMap<String, List<Integer>> owned = new TreeMap<>();
            for (int change = 0; change < 12; change++) {
                String worker = "w" + random.nextInt(9);
                if (owned.remove(worker) == null) {
                    owned.put(worker, List.of());
                }
                owned = Ownership.balance(owned, blocks);
                if (!owned.isEmpty()) {
                    check(owned, blocks);
                }
            }
        }
    }

    private static void check(Map<String, List<Integer>> owned, int blocks) {
        Set<Integer> all = new HashSet<>();
        owned.values().forEach(list -> list.forEach(b -> assertTrue(all.add(b), owned.toString())));
        assertEquals(blocks, all.size());
        int most = owned.values().stream().mapToInt(List::size).max().orElseThrow();
        int least = owned.values().stream().mapToInt(List::size).min().orElseThrow();
        assertTrue(most - least <= 1, owned.toString());
    }

    @Test
    void inStretchesNeighboursStayTogetherAndOnlyBlocksOfTheDepartedMove() {
        List<String> all = List.of("c", "a", "b");

        assertEquals(
                Map.of("a", List.of(0, 1), "b", List.of(2, 3, 4), "c", List.of(5, 6, 7)),
                Ownership.stretches(all, all, 8));
        assertEquals(
                Map.of("a", List.of(0, 1, 2, 4), "c", List.of(5, 6, 7, 3)),
                Ownership.stretches(all, List.of("c", "a"), 8));
    }

    @Test
    void whenAWorkerGoesOnlyItsBlocksMove() {
        Map<String, List<Integer>> three =
                Map.of("a", List.of(0, 3, 6), "b", List.of(1, 4, 7), "c", List.of(2, 5));
        Map<String, List<Integer>> two = new TreeMap<>(three);
        two.remove("c");
        SortedMap<String, List<Integer>> balanced = Ownership.balance(two, 8);
        assertEquals(List.of(0, 3, 6, 2), balanced.get("a"));
        assertEquals(List.of(1, 4, 7, 5), balanced.get("b"));
    }

    @Test
    void whenAWorkerComesEachGivesAsLittleAsNeeded() {
        SortedMap<String, List<Integer>> balanced =
                Ownership.balance(
                        Map.of("a", List.of(0, 2, 4), "b", List.of(1, 3, 5), "c", List.of()), 6);
        assertEquals(List.of(0, 2), balanced.get("a"));
        assertEquals(List.of(1, 3), balanced.get("b"));
        assertEquals(List.of(4, 5), balanced.get("c"));
    }
}
