package org.hermesml.edge.command;

import com.google.protobuf.UnsafeByteOperations;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.hermesml.core.Protocol;
import org.hermesml.core.log.UpdateIds;
import org.hermesml.core.message.BlockAddress;
import org.hermesml.core.message.DataBlock;
import org.hermesml.core.message.DataIndex;
import org.hermesml.core.message.RecordAddress;
import org.hermesml.core.message.RunPhase;
import org.hermesml.core.message.RunRecord;
import org.hermesml.core.message.RunSpec;
import org.hermesml.core.message.TableForm;
import org.hermesml.core.message.UpdateForm;
import org.hermesml.core.message.ValueType;
import org.hermesml.core.message.WorkerSelection;
import org.hermesml.core.settings.Settings;
import org.hermesml.core.wire.Slicing;
import org.hermesml.core.wire.Topics;
import org.hermesml.edge.UpdateSender;
import org.hermesml.edge.kafka.RecordSender;
import org.hermesml.training.Engine;
import org.hermesml.training.EngineTerms;
import org.hermesml.training.Engines;
import org.hermesml.training.ModelDefinition;
import org.hermesml.training.Samples;
import org.hermesml.training.data.HeldOut;
import org.hermesml.training.data.SampleBlocks;
import org.hermesml.training.data.SampleLayout;

/**
 * Writes a run to Kafka: blocks, first weights, and last the record by which everybody learns of
 * it, so that nobody ever sees half a run.
 */
final class RunPublisher {
    private static final int MODEL_PIECE_BYTES = 900_000;

    private final String run;
    private final Settings settings;
    private final Topics topics;
    private final RecordSender sender;
    private final long createdMs = System.currentTimeMillis();
    private int parameterCount;
    private int trainingBlocks;

    RunPublisher(String run, Settings settings, Topics topics, RecordSender sender) {
        this.run = run;
        this.settings = settings;
        this.topics = topics;
        this.sender = sender;
    }

    /**
     * Returns once the run's record and then its initial model are acknowledged.
     *
     * @param dataset for people
     * @param model for people: a name, or a path of which the file name is shown
     * @param table how the data set was read, where it is a table
     */
    void publish(
            String dataset,
            String model,
            ModelDefinition definition,
            HeldOut.Cut cut,
            Samples test,
            WorkerSelection workers,
            Optional<TableForm> table) {
        float[] weights = weights(definition, EngineTerms.of(settings, 1));
        parameterCount = weights.length;
        List<BlockAddress> training = blocks("training", cut.training());
        trainingBlocks = training.size();
        DataIndex.Builder index =
                SampleLayout.of(cut.training())
                        .index()
                        .setModelFormat(definition.format())
                        .addAllModel(model(definition.bytes()))
                        .addAllTraining(training)
                        .addAllHeldOut(blocks("held-out", cut.heldOut()))
                        .addAllTest(blocks("test", test));
        table.ifPresent(index::setTable);
        RunSpec spec =
                RunSpec.newBuilder()
                        .setRun(run)
                        .setDataset(dataset)
                        .setModel(Path.of(model).getFileName().toString())
                        .setParameterCount(parameterCount)
                        .putAllSettings(settings.toMap())
                        .setData(index)
                        .setWorkers(workers)
                        .setCreatedMs(createdMs)
                        .setTopicPrefix(topics.prefix())
                        .build();
        RunRecord record =
                RunRecord.newBuilder()
                        .setProtocol(Protocol.VERSION)
                        .setRun(run)
                        .setPhase(RunPhase.RUNNING)
                        .setSpec(spec)
                        .build();
        sender.send(RecordSender.record(topics.runs(), run, record));
        // Only now, however long it takes: slices of a run that is not known yet are soon refused.
        new UpdateSender(sender, topics, run, Slicing.of(parameterCount, settings))
                .send(UpdateIds.INITIAL, UpdateForm.WEIGHTS, weights, ValueType.FP32);
    }

    int parameterCount() {
        return parameterCount;
    }

    int trainingBlocks() {
        return trainingBlocks;
    }

    private static float[] weights(ModelDefinition definition, EngineTerms terms) {
        try (Engine engine = Engines.open(definition, terms)) {
            return engine.parameters();
        }
    }

    private List<BlockAddress> model(byte[] definition) {
        int pieces = (definition.length + MODEL_PIECE_BYTES - 1) / MODEL_PIECE_BYTES;
        List<RecordAddress> addresses =
                sender.send(
                        pieces,
                        i -> {
                            int from = i * MODEL_PIECE_BYTES;
                            int count = Math.min(MODEL_PIECE_BYTES, definition.length - from);
                            DataBlock.Builder block =
                                    DataBlock.newBuilder()
                                            .setProtocol(Protocol.VERSION)
                                            .setModel(
                                                    UnsafeByteOperations.unsafeWrap(
                                                            definition, from, count));
                            return RecordSender.record(
                                    topics.data(run), "model/" + i, block.build());
                        });
        List<BlockAddress> blocks = new ArrayList<>();
        for (int i = 0; i < pieces; i++) {
            int count = Math.min(MODEL_PIECE_BYTES, definition.length - i * MODEL_PIECE_BYTES);
            blocks.add(address(addresses.get(i), count));
        }
        return blocks;
    }

    private List<BlockAddress> blocks(String part, Samples samples) {
        int each =
                SampleBlocks.samplesIn(
                        settings.get(Settings.BLOCK_BYTES), SampleLayout.of(samples));
        int blockCount = (samples.count() + each - 1) / each;
        List<RecordAddress> addresses =
                sender.send(
                        blockCount,
                        i -> {
                            int to = Math.min(samples.count(), (i + 1) * each);
                            DataBlock.Builder block =
                                    DataBlock.newBuilder()
                                            .setProtocol(Protocol.VERSION)
                                            .setSamples(SampleBlocks.encode(samples, i * each, to));
                            return RecordSender.record(
                                    topics.data(run), part + "/" + i, block.build());
                        });
        List<BlockAddress> blocks = new ArrayList<>();
        for (int i = 0; i < blockCount; i++) {
            blocks.add(address(addresses.get(i), Math.min(each, samples.count() - i * each)));
        }
        return blocks;
    }

    private static BlockAddress address(RecordAddress address, int count) {
        return BlockAddress.newBuilder().setAddress(address).setCount(count).build();
    }
}
