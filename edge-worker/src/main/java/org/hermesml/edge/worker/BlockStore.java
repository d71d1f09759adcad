package org.hermesml.edge.worker;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.hermesml.core.message.BlockAddress;
import org.hermesml.core.message.DataIndex;
import org.hermesml.edge.RunFault;
import org.hermesml.edge.StopSignal;
import org.hermesml.training.data.DecodedBlock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The training blocks that are resident on this device: at most {@code memoryBytes} of them, fetched in the order of the
 * allocation by a thread of their own, so that training goes on meanwhile. Other methods: any thread.
 */
final class BlockStore implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(BlockStore.class);

    private final DataIndex index;
    private final Source source;
    private final long memoryBytes;
    private final Map<Integer, DecodedBlock> resident = new LinkedHashMap<>();
    private final Thread thread;
    private List<Integer> wanted = List.of();
    private long residentBytes;
    private RuntimeException fault;
    private boolean closed;

    /** Where blocks come from; called on the store's thread only. */
    interface Source extends AutoCloseable {
        DecodedBlock fetch(BlockAddress address);

        /** Ends a fetch under way; called on any thread. */
        void stop();

        @Override
        void close();
    }

    BlockStore(DataIndex index, Source source, long memoryBytes) {
        this.index = index;
        this.source = source;
        this.memoryBytes = memoryBytes;
        this.thread = new Thread(this::fetchAll, "blocks");
        thread.setDaemon(true);
        thread.start();
    }

    /** Takes the blocks at {@code positions} of the index from now on; others are dropped at once. */
    synchronized void want(List<Integer> positions) {
        for (int position : positions) {
            if (position < 0 || position >= index.getTrainingCount()) {
                throw new RunFault("The allocation names block " + position + "; the run has blocks 0 to "
                        + (index.getTrainingCount() - 1) + ".");
            }
        }
        wanted = List.copyOf(positions);
        resident.keySet().retainAll(wanted);
        residentBytes = resident.values().stream().mapToLong(DecodedBlock::bytes).sum();
        notifyAll();
    }

    /**
     * Waits until at least {@code samples} are resident, or everything wanted that has room, at most {@code ms}.
     *
     * @return the resident blocks in the order of the allocation; null when the time is over
     */
    synchronized List<DecodedBlock> await(int samples, long ms) throws InterruptedException {
        long deadline = System.nanoTime() + ms * 1_000_000;
        while (fault == null && !isEnough(samples)) {
            long left = (deadline - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                return null;
            }
            wait(left);
        }
        if (fault != null) {
            throw fault;
        }
        List<DecodedBlock> blocks = new ArrayList<>();
        wanted.stream().filter(resident::containsKey).forEach(p -> blocks.add(resident.get(p)));
        return blocks;
    }

    private boolean isEnough(int samples) {
        int count = resident.values().stream().mapToInt(DecodedBlock::count).sum();
        return count >= samples || count > 0 && next() < 0;
    }

    synchronized int residentCount() {
        return resident.size();
    }

    /** The next block to fetch; -1 when all that has room is there. */
    private int next() {
        for (int position : wanted) {
            if (!resident.containsKey(position)) {
                return residentBytes < memoryBytes && hasRoom() ? position : -1;
            }
        }
        return -1;
    }

    /** Sizes are known only after the fetch: a block is taken to be as large as the largest resident one. */
    private boolean hasRoom() {
        long largest = resident.values().stream().mapToLong(DecodedBlock::bytes).max().orElse(0);
        return residentBytes + largest <= memoryBytes;
    }

    private void fetchAll() {
        try (source) {
            int position = awaitNext();
            while (position >= 0) {
                DecodedBlock block = source.fetch(index.getTraining(position));
                keep(position, block);
                position = awaitNext();
            }
        } catch (StopSignal.Stopped e) {
            LOG.debug("Stopped");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            fail(e);
        }
    }

    private synchronized void fail(RuntimeException e) {
        fault = e;
        notifyAll();
    }

    /** -1 when closed. */
    private synchronized int awaitNext() throws InterruptedException {
        while (!closed && next() < 0) {
            wait();
        }
        return closed ? -1 : next();
    }

    private synchronized void keep(int position, DecodedBlock block) {
        if (wanted.contains(position)) {
            resident.put(position, block);
            residentBytes += block.bytes();
            if (next() < 0 && resident.size() < wanted.size()) {
                LOG.warn("Only {} of {} allocated blocks fit into the data memory of {} bytes", resident.size(), wanted.size(), memoryBytes);
            }
        }
        notifyAll();
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        source.stop();
        try {
            thread.join(2000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
