package org.hermesml.edge.worker;

import java.util.List;
import java.util.Optional;
import org.hermesml.core.message.BlockAddress;
import org.hermesml.core.message.DataIndex;
import org.hermesml.edge.RunFault;
import org.hermesml.edge.StopSignal;
import org.hermesml.training.data.BlockSamples;
import org.hermesml.training.data.DecodedBlock;
import org.hermesml.training.data.ResidentBlocks;
import org.hermesml.training.data.SampleLayout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The training blocks that are resident on this device: at most {@code memoryBytes} of them,
 * fetched in the order of the allocation by a thread of their own, so that training goes on
 * meanwhile. Other methods: any thread.
 */
final class BlockStore implements TrainingSamples {
    private static final Logger LOG = LoggerFactory.getLogger(BlockStore.class);

    private final DataIndex index;
    private final SampleLayout layout;
    private final Source source;
    private final long memoryBytes;
    private final ResidentBlocks<DecodedBlock> resident;
    private final Thread thread;
    private List<DecodedBlock> joinedBlocks = List.of();
    private BlockSamples joined;
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
        this.layout = SampleLayout.of(index);
        this.source = source;
        this.memoryBytes = memoryBytes;
        this.resident = new ResidentBlocks<>(memoryBytes, DecodedBlock::bytes, DecodedBlock::count);
        this.thread = new Thread(this::fetchAll, "blocks");
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * Takes the blocks at {@code positions} of the index from now on; others are dropped at once.
     */
    @Override
    public synchronized void want(List<Integer> positions) {
        for (int position : positions) {
            if (position < 0 || position >= index.getTrainingCount()) {
                throw new RunFault(
                        "The allocation names block "
                                + position
                                + "; the run has blocks 0 to "
                                + (index.getTrainingCount() - 1)
                                + ".");
            }
        }
        resident.want(positions);
        notifyAll();
    }

    /**
     * Waits until at least {@code samples} are resident, or everything wanted that has room, at
     * most {@code ms}.
     *
     * @return the resident blocks in the order of the allocation; null when the time is over
     */
    synchronized List<DecodedBlock> await(int samples, long ms) throws InterruptedException {
        long deadline = System.nanoTime() + ms * 1_000_000;
        while (fault == null && !resident.isEnough(samples)) {
            long left = (deadline - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                return null;
            }
            wait(left);
        }
        if (fault != null) {
            throw fault;
        }
        return resident.blocks();
    }

    @Override
    public Optional<Present> present(int samples, long ms) throws InterruptedException {
        List<DecodedBlock> resident = await(samples, ms);
        return resident == null
                ? Optional.empty()
                : Optional.of(new Present(joined(resident), resident.size()));
    }

    /** The same object while the same blocks are resident: an engine may keep something for it. */
    private synchronized BlockSamples joined(List<DecodedBlock> resident) {
        if (joined == null || !resident.equals(joinedBlocks)) {
            joinedBlocks = resident;
            joined = new BlockSamples(layout, resident);
        }
        return joined;
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
        while (!closed && resident.next() < 0) {
            wait();
        }
        return closed ? -1 : resident.next();
    }

    private synchronized void keep(int position, DecodedBlock block) {
        resident.keep(position, block);
        if (resident.next() < 0 && resident.count() < resident.wantedCount()) {
            LOG.warn(
                    "Only {} of {} allocated blocks fit into the data memory of {} bytes",
                    resident.count(),
                    resident.wantedCount(),
                    memoryBytes);
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
