package org.hermesml.core.allocation;

import java.util.Arrays;
import java.util.List;
import org.hermesml.core.message.BlockAddress;
import org.hermesml.core.message.DataIndex;
import org.hermesml.core.state.WorkerLoad;

/**
 * The blocks of a run's training data, as far as an allocation has to know them. Blocks are
 * numbered from 0, as in {@code DataIndex.training}.
 */
public final class TrainingBlocks {
    private final int[] samples;

    /** Samples of the i smallest blocks together. */
    private final long[] smallest;

    private final int bytesPerSample;
    private final long total;

    /**
     * @param samples of each block, at least one block, each above 0; copied
     * @param bytesPerSample that a resident sample takes in a worker's memory, label included
     */
    public TrainingBlocks(int[] samples, int bytesPerSample) {
        if (samples.length == 0
                || bytesPerSample < 1
                || Arrays.stream(samples).anyMatch(s -> s < 1)) {
            throw new IllegalArgumentException(
                    "Training blocks: "
                            + samples.length
                            + " blocks of "
                            + bytesPerSample
                            + " bytes a sample; at least one block, and no empty one, is needed");
        }
        this.samples = samples.clone();
        int[] ascending = samples.clone();
        Arrays.sort(ascending);
        this.bytesPerSample = bytesPerSample;
        this.smallest = new long[samples.length + 1];
        for (int i = 0; i < samples.length; i++) {
            smallest[i + 1] = smallest[i] + ascending[i];
        }
        this.total = smallest[samples.length];
    }

    public static TrainingBlocks uniform(int blocks, int samplesPerBlock, int bytesPerSample) {
        int[] samples = new int[blocks];
        Arrays.fill(samples, samplesPerBlock);
        return new TrainingBlocks(samples, bytesPerSample);
    }

    public static TrainingBlocks of(DataIndex data) {
        return new TrainingBlocks(
                data.getTrainingList().stream().mapToInt(BlockAddress::getCount).toArray(),
                ResidentSample.bytes(data));
    }

    public int count() {
        return samples.length;
    }

    int samples(int block) {
        return samples[block];
    }

    long samples(List<Integer> blocks) {
        return blocks.stream().mapToLong(this::samples).sum();
    }

    /**
     * How many blocks fit into a memory, whichever they are; at least one, since a worker without
     * data is of no use.
     *
     * @param memoryBytes 0 or less: no limit is known
     */
    int mostBlocks(long memoryBytes) {
        long room = room(memoryBytes);
        int low = 1;
        int high = samples.length;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            // Whichever they are: the largest.
            if (total - smallest[samples.length - middle] <= room) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    /**
     * Samples that may be drawn in one iteration: any {@link #mostBlocks} blocks hold as many. At
     * least 1.
     */
    int mostSamples(long memoryBytes) {
        long held = smallest[mostBlocks(memoryBytes)];
        long most = Math.max(1, Math.min(held, room(memoryBytes)));
        return (int) Math.min(Integer.MAX_VALUE, most);
    }

    /** Samples that this worker may draw in one iteration: its own where it has any. At least 1. */
    int mostSamples(WorkerLoad load) {
        return load.getLocalSamples() > 0
                ? load.getLocalSamples()
                : mostSamples(load.getDataMemoryBytes());
    }

    private long room(long memoryBytes) {
        return memoryBytes <= 0 ? Long.MAX_VALUE : memoryBytes / bytesPerSample;
    }
}
