package org.hermesml.core.allocation;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.hermesml.core.state.WorkerLoad;

/**
 * Which blocks lie in a worker's memory: those it owns, as many as fit, and others' as far as it
 * has to draw more samples than these hold, or as memory goes. Where its own do not all fit, a
 * window moves over them, block by block.
 */
final class Residents {
    private final TrainingBlocks blocks;
    private final boolean fill;
    private final boolean lends;

    /**
     * @param fill whether to borrow as much as memory holds, and not only what an iteration needs
     * @param lends whether to borrow at all
     */
    Residents(TrainingBlocks blocks, boolean fill, boolean lends) {
        this.blocks = blocks;
        this.lends = lends;
        this.fill = fill;
    }

    /**
     * Whether the worker owns more than it can hold, so that it has to exchange blocks now and
     * then.
     */
    boolean rotates(WorkerLoad load) {
        return load.getOwnedCount() > blocks.mostBlocks(load.getDataMemoryBytes());
    }

    /** The window one block further. */
    WorkerLoad rotated(WorkerLoad load) {
        return load.toBuilder()
                .setFirstOwned((load.getFirstOwned() + 1) % load.getOwnedCount())
                .build();
    }

    /**
     * The load with the blocks borrowed that n needs, or as many as fit. What was borrowed before
     * is kept where it still serves: every block travels.
     *
     * @param from where in the data set to begin to borrow; differs from worker to worker
     */
    WorkerLoad withBorrowed(WorkerLoad load, int n, long from) {
        if (load.getLocalSamples() > 0) {
            return load.toBuilder().clearBorrowed().build();
        }
        if (!lends) {
            return load;
        }
        List<Integer> own = own(load);
        int room = blocks.mostBlocks(load.getDataMemoryBytes()) - own.size();
        long missing = fill ? Long.MAX_VALUE : n - blocks.samples(own);
        Set<Integer> held = new HashSet<>(load.getOwnedList());
        List<Integer> borrowed = new ArrayList<>();
        int kept = load.getBorrowedCount();
        for (int i = 0; i < kept + blocks.count(); i++) {
            if (missing <= 0 || borrowed.size() >= room) {
                break;
            }
            int block =
                    i < kept
                            ? load.getBorrowed(i)
                            : (int) Math.floorMod(from + i - kept, (long) blocks.count());
            if (held.add(block)) {
                borrowed.add(block);
                missing -= blocks.samples(block);
            }
        }
        return load.toBuilder().clearBorrowed().addAllBorrowed(borrowed).build();
    }

    /** As many as are asked for, or as are there where nothing is borrowed. */
    int drawn(WorkerLoad load, int n) {
        if (load.getLocalSamples() > 0) {
            return Math.min(n, load.getLocalSamples());
        }
        return lends ? n : (int) Math.max(1, Math.min(n, blocks.samples(own(load))));
    }

    /** Resident blocks in the order to fetch them: own first. */
    List<Integer> of(WorkerLoad load) {
        List<Integer> all = own(load);
        all.addAll(load.getBorrowedList());
        return all;
    }

    private List<Integer> own(WorkerLoad load) {
        int owned = load.getOwnedCount();
        int resident = Math.min(owned, blocks.mostBlocks(load.getDataMemoryBytes()));
        List<Integer> own = new ArrayList<>();
        for (int i = 0; i < resident; i++) {
            own.add(load.getOwned((load.getFirstOwned() + i) % owned));
        }
        return own;
    }
}
