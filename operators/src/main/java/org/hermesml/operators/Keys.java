package org.hermesml.operators;

import org.apache.flink.runtime.state.KeyGroupRangeAssignment;

/**
 * Keys of the job's operators: a run, or a part of a run after a separator that run ids never hold.
 */
public final class Keys {
    /** Fixed for the life of a job's state: key groups are cut by it. */
    public static final int MAX_PARALLELISM = 128;

    private static final char SEPARATOR = '/';

    public static String worker(String run, String worker) {
        return run + SEPARATOR + worker;
    }

    /** The worker's name in a key made by {@link #worker}. */
    public static String workerOf(String key) {
        return key.substring(key.indexOf(SEPARATOR) + 1);
    }

    /**
     * A key for a shard whose key group is chosen, not hashed: consecutive shards of a run fall on
     * key groups as far apart as can be, so that any parallelism gets even shares.
     */
    public static String shard(String run, int shard) {
        int spread = Integer.reverse(shard) >>> 25;
        int wanted =
                (KeyGroupRangeAssignment.assignToKeyGroup(run, MAX_PARALLELISM) + spread)
                        % MAX_PARALLELISM;
        String prefix = run + SEPARATOR + shard + SEPARATOR;
        for (int salt = 0; ; salt++) {
            String key = prefix + salt;
            if (KeyGroupRangeAssignment.assignToKeyGroup(key, MAX_PARALLELISM) == wanted) {
                return key;
            }
        }
    }

    /** The run that any of these keys belongs to. */
    public static String runOf(String key) {
        int end = key.indexOf(SEPARATOR);
        return end < 0 ? key : key.substring(0, end);
    }

    private Keys() {}
}
