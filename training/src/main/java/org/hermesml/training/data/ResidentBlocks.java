package org.hermesml.training.data;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;
import org.hermesml.core.message.Allocation;

/**
 * Which of the blocks that an allocation names are resident, which is to be fetched next, and when
 * there are enough to train. One thread at a time.
 *
 * @param <B> a block, or what stands for it
 */
public final class ResidentBlocks<B> {
    /** With less than this part of the samples of an iteration a device had better wait. */
    private static final int FIRST_PART = 8;

    private final long memoryBytes;
    private final ToLongFunction<B> bytesOf;
    private final ToIntFunction<B> samplesOf;
    private final Map<Integer, B> resident = new LinkedHashMap<>();
    private List<Integer> wanted = List.of();
    private long residentBytes;
    private long largestBytes;
    private int residentSamples;

    /**
     * @param memoryBytes no further block is fetched once these may be exceeded
     */
    public ResidentBlocks(long memoryBytes, ToLongFunction<B> bytesOf, ToIntFunction<B> samplesOf) {
        this.memoryBytes = memoryBytes;
        this.bytesOf = bytesOf;
        this.samplesOf = samplesOf;
    }

    /** Takes the blocks at {@code positions} from now on; others are dropped at once. */
    public void want(List<Integer> positions) {
        wanted = List.copyOf(positions);
        resident.keySet().retainAll(Set.copyOf(wanted));
        residentBytes = resident.values().stream().mapToLong(bytesOf).sum();
        largestBytes = resident.values().stream().mapToLong(bytesOf).max().orElse(0);
        residentSamples = resident.values().stream().mapToInt(samplesOf).sum();
    }

    /** The next block to fetch; -1 when all that has room is there. */
    public int next() {
        if (resident.size() == wanted.size()) {
            return -1;
        }
        for (int position : wanted) {
            if (!resident.containsKey(position)) {
                return residentBytes < memoryBytes && hasRoom() ? position : -1;
            }
        }
        return -1;
    }

    /**
     * Sizes are known only after the fetch: a block is taken to be as large as the largest resident
     * one.
     */
    private boolean hasRoom() {
        return residentBytes + largestBytes <= memoryBytes;
    }

    /** Takes a fetched block in, unless it is no longer wanted. */
    public void keep(int position, B block) {
        if (wanted.contains(position) && resident.put(position, block) == null) {
            residentBytes += bytesOf.applyAsLong(block);
            largestBytes = Math.max(largestBytes, bytesOf.applyAsLong(block));
            residentSamples += samplesOf.applyAsInt(block);
        }
    }

    /**
     * How many samples {@link #isEnough} is asked for before an iteration begins.
     *
     * @param prefetch whether it begins with a part of what it is to draw, while further blocks
     *     come; it then trains on what is there
     */
    public static int samplesToBegin(Allocation allocation, boolean prefetch) {
        return prefetch
                ? Math.max(allocation.getMiniBatch(), allocation.getSamples() / FIRST_PART)
                : Integer.MAX_VALUE;
    }

    /** At least {@code samples} are resident, or everything wanted that has room. */
    public boolean isEnough(int samples) {
        return residentSamples >= samples || residentSamples > 0 && next() < 0;
    }

    /** Positions of the resident blocks, in the order of the allocation. */
    public List<Integer> positions() {
        return wanted.stream().filter(resident::containsKey).toList();
    }

    /** The resident blocks, in the order of the allocation. */
    public List<B> blocks() {
        return positions().stream().map(resident::get).toList();
    }

    public int count() {
        return resident.size();
    }

    /** Blocks that are wanted, whether there is room or not. */
    public int wantedCount() {
        return wanted.size();
    }
}
