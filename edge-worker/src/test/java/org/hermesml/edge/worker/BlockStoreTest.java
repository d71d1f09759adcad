package org.hermesml.edge.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.IntStream;
import org.hermesml.core.message.BlockAddress;
import org.hermesml.core.message.DataIndex;
import org.hermesml.core.message.RecordAddress;
import org.hermesml.core.message.SampleBlock;
import org.hermesml.core.message.SampleType;
import org.hermesml.edge.RunFault;
import org.hermesml.edge.StopSignal;
import org.hermesml.training.data.DecodedBlock;
import org.hermesml.training.data.SampleBlocks;
import org.hermesml.training.data.SampleLayout;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BlockStoreTest {
    /** 10 samples of 6 bytes and a label in memory of 4: 100 bytes resident. */
    private static final int BLOCK_BYTES = 100;

    private static final SampleLayout LAYOUT =
            new SampleLayout(SampleType.UINT8, new int[] {6}, 3, 1);
    private static final DataIndex INDEX =
            LAYOUT.index()
                    .addAllTraining(
                            IntStream.range(0, 8).mapToObj(BlockStoreTest::address).toList())
                    .build();

    private final List<Long> fetched = new CopyOnWriteArrayList<>();

    /** One entry lets one fetch through; a message makes it fail. */
    private final BlockingQueue<String> permits = new LinkedBlockingQueue<>();

    private BlockStore store;

    private static BlockAddress address(int position) {
        return BlockAddress.newBuilder()
                .setAddress(RecordAddress.newBuilder().setOffset(position))
                .setCount(10)
                .build();
    }

    private BlockStore store(long memoryBytes) {
        store = new BlockStore(INDEX, new GatedSource(), memoryBytes);
        return store;
    }

    private void permit(int fetches) {
        permits.addAll(java.util.Collections.nCopies(fetches, ""));
    }

    @AfterEach
    void close() {
        if (store != null) {
            store.close();
        }
    }

    @Test
    void trainingStartsWithEnoughSamplesWhileTheRestIsStillOnItsWay() throws Exception {
        store(1000).want(List.of(4, 2, 0));
        permit(2);
        assertEquals(2, store.await(15, 60_000).size());
        assertNull(store.await(25, 1));
        permit(1);
        assertEquals(3, store.await(25, 60_000).size());
        assertEquals(List.of(4L, 2L, 0L), fetched);
    }

    @Test
    void blocksThatAreNoLongerAllocatedAreDroppedAndOthersKept() throws Exception {
        store(1000).want(List.of(0, 1));
        permit(2);
        List<DecodedBlock> first = store.await(20, 60_000);
        store.want(List.of(1, 5));
        permit(1);
        List<DecodedBlock> second = store.await(20, 60_000);
        assertEquals(first.get(1), second.get(0));
        assertEquals(List.of(0L, 1L, 5L), fetched);
        assertEquals(2, second.size());
    }

    @Test
    void noMoreThanTheMemoryHoldsIsEverResident() throws Exception {
        store(3 * BLOCK_BYTES + 50).want(List.of(0, 1, 2, 3, 4, 5));
        permit(6);
        assertEquals(3, store.await(60, 60_000).size());
        assertEquals(List.of(0L, 1L, 2L), fetched);
    }

    @Test
    void aFetchThatFailsEndsTheTraining() {
        store(1000).want(List.of(0, 1));
        permits.add("Record 0 is gone.");
        RunFault fault = assertThrows(RunFault.class, () -> store.await(10, 60_000));
        assertEquals("Record 0 is gone.", fault.getMessage());
    }

    @Test
    void anAllocationOfBlocksThatDoNotExistIsRefused() {
        RunFault fault = assertThrows(RunFault.class, () -> store(1000).want(List.of(0, 8)));
        assertTrue(fault.getMessage().contains("block 8"), fault.getMessage());
    }

    private final class GatedSource implements BlockStore.Source {
        private final StopSignal stop = new StopSignal();

        @Override
        public DecodedBlock fetch(BlockAddress address) {
            String permit = null;
            while (permit == null) {
                stop.check();
                try {
                    permit = permits.poll(10, java.util.concurrent.TimeUnit.MILLISECONDS);
                } catch (InterruptedException e) {
                    throw new StopSignal.Stopped();
                }
            }
            if (!permit.isEmpty()) {
                throw new RunFault(permit);
            }
            fetched.add(address.getAddress().getOffset());
            return SampleBlocks.decode(
                    SampleBlock.newBuilder()
                            .setType(SampleType.UINT8)
                            .setCount(10)
                            .setFeatures(ByteString.copyFrom(new byte[60]))
                            .setLabels(ByteString.copyFrom(new byte[10]))
                            .build(),
                    LAYOUT);
        }

        @Override
        public void stop() {
            stop.request();
        }

        @Override
        public void close() {}
    }
}
