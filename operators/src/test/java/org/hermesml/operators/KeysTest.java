package org.hermesml.operators;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.junit.jupiter.api.Test;

class KeysTest {
    @Test
    void theShardsOfARunSpreadEvenlyOverTheSubtasks() {
        for (String run : new String[] {"run-1", "digits-20261122-a", "x"}) {
            for (int shards = 1; shards <= 64; shards++) {
                for (int parallelism = 1; parallelism <= 16; parallelism++) {
                    int[] load = new int[parallelism];
                    for (int shard = 0; shard < shards; shard++) {
                        load[subtask(Keys.shard(run, shard), parallelism)]++;
                    }
                    int most = java.util.Arrays.stream(load).max().orElseThrow();
                    int fair = (shards + parallelism - 1) / parallelism;
                    String found = run + ": " + shards + " shards on " + parallelism + ": " + most;
                    assertTrue(most <= fair + 2, found);
                    boolean powers =
                            Integer.bitCount(shards) == 1 && Integer.bitCount(parallelism) == 1;
                    assertTrue(!powers || most <= fair + (parallelism > shards ? 0 : 1), found);
                }
            }
        }
    }

    private static int subtask(String key, int parallelism) {
        return KeyGroupRangeAssignment.assignKeyToParallelOperator(
                key, Keys.MAX_PARALLELISM, parallelism);
    }

    @Test
    void theRunOfEveryKeyIsFound() {
        assertEquals("r", Keys.runOf("r"));
        assertEquals("r", Keys.runOf(Keys.shard("r", 3)));
        assertEquals("r", Keys.runOf(Keys.worker("r", "rack/1")));
        assertEquals("rack/1", Keys.workerOf(Keys.worker("r", "rack/1")));
    }
}
