package org.hermesml.edge.worker;

import org.hermesml.core.message.BlockAddress;
import org.hermesml.core.message.RunSpec;
import org.hermesml.edge.RunData;
import org.hermesml.edge.StopSignal;
import org.hermesml.edge.kafka.Connection;
import org.hermesml.edge.kafka.RecordFetcher;
import org.hermesml.training.data.DecodedBlock;

/**
 * The blocks of a run through a consumer of their own: they are fetched while the session pulls.
 */
final class BlockSource implements BlockStore.Source {
    private final StopSignal fetching;
    private final RecordFetcher fetcher;
    private final RunData data;

    /**
     * @param fetching requested by {@link #stop}
     */
    BlockSource(
            Connection connection,
            StopSignal fetching,
            RunSpec spec,
            ByteLedger bytes,
            SignsOfLife signs) {
        this.fetching = fetching;
        this.fetcher = new RecordFetcher(connection, fetching, RecordFetcher.FOREVER);
        this.data =
                new RunData(
                        connection.topics().data(spec.getRun()),
                        spec.getData(),
                        fetcher,
                        bytes.dataDown());
        signs.watch(fetcher::movedBytes);
    }

    @Override
    public DecodedBlock fetch(BlockAddress address) {
        return data.block(address);
    }

    @Override
    public void stop() {
        fetching.request();
    }

    @Override
    public void close() {
        fetcher.close();
    }
}
