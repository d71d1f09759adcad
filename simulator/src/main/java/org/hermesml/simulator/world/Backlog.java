package org.hermesml.simulator.world;

import java.util.ArrayList;
import java.util.List;

/**
 * What records do to a lane of one bandwidth that carries them one after the other: each is carried
 * from its own time on or as soon after as the lane is free. Tells at once what any row of them up
 * to the newest comes to: a lane that was free at f is free again at max(f + sum of their times,
 * latest over i of the time of record i plus the times of i and all after it).
 */
final class Backlog {
    private final double nsPerByte;

    /** Those that may still be the latest of a row, in order, each later than all after it. */
    private final List<Start> starts = new ArrayList<>();

    private long count;
    private long totalNs;

    /**
     * @param index of the record
     * @param aheadNs its time less the times that all before it took
     */
    private record Start(long index, long aheadNs) {}

    /**
     * @param mbit bandwidth, 10^6 bit per second
     */
    Backlog(double mbit) {
        this.nsPerByte = Lane.nsPerByte(mbit);
    }

    void add(long nowNs, long bytes) {
        long aheadNs = nowNs - totalNs;
        while (!starts.isEmpty() && starts.get(starts.size() - 1).aheadNs <= aheadNs) {
            starts.remove(starts.size() - 1);
        }
        starts.add(new Start(count, aheadNs));
        count++;
        totalNs += nsFor(bytes);
    }

    long nsFor(long bytes) {
        return (long) Math.ceil(bytes * nsPerByte);
    }

    /** Records so far. */
    long count() {
        return count;
    }

    /** Time that all records so far take. */
    long totalNs() {
        return totalNs;
    }

    /**
     * When a lane is free that was free at {@code freeNs} before the records from {@code first} on.
     *
     * @param beforeNs {@link #totalNs} as it was before them
     */
    long freeNs(long freeNs, long first, long beforeNs) {
        if (first == count) {
            return freeNs;
        }
        int low = 0;
        int high = starts.size() - 1;
        while (low < high) {
            int middle = (low + high) / 2;
            if (starts.get(middle).index < first) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return Math.max(freeNs + totalNs - beforeNs, starts.get(low).aheadNs + totalNs);
    }
}
