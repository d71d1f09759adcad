package org.hermesml.edge;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.hermesml.core.message.BlockAddress;
import org.hermesml.core.message.DataBlock;
import org.hermesml.core.message.DataIndex;
import org.hermesml.core.message.RecordAddress;
import org.hermesml.edge.kafka.Messages;
import org.hermesml.edge.kafka.RecordFetcher;
import org.hermesml.training.ModelDefinition;
import org.hermesml.training.Samples;
import org.hermesml.training.data.BlockSamples;
import org.hermesml.training.data.DecodedBlock;
import org.hermesml.training.data.SampleBlocks;
import org.hermesml.training.data.SampleLayout;

/**
 * What {@code hermes.data.RUN} holds: the model definition and the sample blocks. One thread at a
 * time.
 */
public final class RunData {
    private final String topic;
    private final DataIndex index;
    private final RecordFetcher fetcher;
    private final AtomicLong bytes;
    private final SampleLayout layout;

    /**
     * @param bytes grows by the bytes of all records read
     */
    public RunData(String topic, DataIndex index, RecordFetcher fetcher, AtomicLong bytes) {
        this.topic = topic;
        this.index = index;
        this.fetcher = fetcher;
        this.bytes = bytes;
        this.layout = SampleLayout.of(index);
    }

    public ModelDefinition model() {
        ByteArrayOutputStream definition = new ByteArrayOutputStream();
        for (BlockAddress piece : index.getModelList()) {
            DataBlock block = read(piece.getAddress());
            if (!block.hasModel() || block.getModel().size() != piece.getCount()) {
                throw wrong(
                        piece, "no piece of a model definition of " + piece.getCount() + " bytes");
            }
            definition.writeBytes(block.getModel().toByteArray());
        }
        return new ModelDefinition(index.getModelFormat(), definition.toByteArray());
    }

    /** All samples of {@code blocks}, kept in memory. */
    public Samples samples(List<BlockAddress> blocks) {
        List<DecodedBlock> read = new ArrayList<>();
        for (BlockAddress block : blocks) {
            read.add(block(block));
        }
        return new BlockSamples(layout, read);
    }

    public DecodedBlock block(BlockAddress address) {
        DataBlock block = read(address.getAddress());
        if (!block.hasSamples() || block.getSamples().getCount() != address.getCount()) {
            throw wrong(address, "no block of " + address.getCount() + " samples");
        }
        return SampleBlocks.decode(block.getSamples(), layout);
    }

    private DataBlock read(RecordAddress address) {
        var record = fetcher.fetch(topic, address);
        bytes.addAndGet(RecordFetcher.bytes(record));
        return Messages.read(record, DataBlock.parser(), DataBlock::getProtocol);
    }

    private RunFault wrong(BlockAddress address, String what) {
        return new RunFault(
                "Record "
                        + address.getAddress().getOffset()
                        + " of topic "
                        + topic
                        + " is "
                        + what
                        + "; the run's data index does not belong to this topic.");
    }
}
