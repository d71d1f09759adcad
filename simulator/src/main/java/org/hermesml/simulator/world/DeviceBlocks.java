package org.hermesml.simulator.world;

import java.util.List;
import org.hermesml.core.allocation.ResidentSample;
import org.hermesml.core.message.Allocation;
import org.hermesml.core.message.DataIndex;
import org.hermesml.training.data.Draw;
import org.hermesml.training.data.ResidentBlocks;

/**
 * The training blocks that are resident on a simulated device, fetched one after the other. A block
 * is its number of samples: the samples themselves lie once in memory for all devices.
 */
final class DeviceBlocks {
    private final int[] counts;
    private final RecordSizes sizes;
    private final Line line;
    private final Traffic traffic;
    private final Runnable listener;
    private final ResidentBlocks<Integer> resident;
    private boolean fetching;

    /**
     * @param listener called after each block that came
     */
    DeviceBlocks(RunPlan plan, long memoryBytes, Line line, Traffic traffic, Runnable listener) {
        DataIndex index = plan.spec().getData();
        this.counts = plan.blockSamples();
        this.sizes = plan.sizes();
        this.line = line;
        this.traffic = traffic;
        this.listener = listener;
        long each = ResidentSample.bytes(index);
        this.resident = new ResidentBlocks<>(memoryBytes, n -> n * each, n -> n);
    }

    void want(List<Integer> positions) {
        resident.want(positions);
        fetchNext();
    }

    boolean isEnough(int samples) {
        return resident.isEnough(samples);
    }

    int count() {
        return resident.count();
    }

    private void fetchNext() {
        int position = resident.next();
        if (fetching || position < 0) {
            return;
        }
        fetching = true;
        long bytes = sizes.trainingBlock(position);
        line.fetch(
                bytes,
                "block " + position,
                () -> {
                    fetching = false;
                    traffic.dataDown(bytes);
                    resident.keep(position, counts[position]);
                    fetchNext();
                    listener.run();
                });
    }

    /** Positions in the training part that the iteration of this clock trains on. */
    int[] draw(Allocation allocation, long clock) {
        List<Integer> positions = resident.positions();
        int[] firstSample = new int[positions.size()];
        int[] firstOf = new int[positions.size() + 1];
        int each = counts[0];
        for (int i = 0; i < positions.size(); i++) {
            // All blocks but the last one are of one size.
            firstSample[i] = positions.get(i) * each;
            firstOf[i + 1] = firstOf[i] + counts[positions.get(i)];
        }
        int[] drawn =
                Draw.distinct(
                        allocation.getSamples(),
                        firstOf[positions.size()],
                        seed(allocation, clock));
        for (int i = 0; i < drawn.length; i++) {
            int found = java.util.Arrays.binarySearch(firstOf, drawn[i]);
            int block = found >= 0 ? found : -found - 2;
            drawn[i] = firstSample[block] + drawn[i] - firstOf[block];
        }
        return drawn;
    }

    static long seed(Allocation allocation, long clock) {
        return Draw.seed(allocation.getSeed(), clock);
    }
}
