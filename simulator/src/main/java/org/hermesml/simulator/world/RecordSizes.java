package org.hermesml.simulator.world;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import com.google.protobuf.UnsafeByteOperations;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.hermesml.core.Protocol;
import org.hermesml.core.log.UpdateIds;
import org.hermesml.core.message.BlockAddress;
import org.hermesml.core.message.DataBlock;
import org.hermesml.core.message.ModelSlice;
import org.hermesml.core.message.RunSpec;
import org.hermesml.core.message.SampleBlock;
import org.hermesml.core.message.UpdateForm;
import org.hermesml.core.message.UpdateSlice;
import org.hermesml.core.message.ValueType;
import org.hermesml.core.settings.Settings;
import org.hermesml.core.wire.Slicing;
import org.hermesml.core.wire.Topics;
import org.hermesml.core.wire.Values;
import org.hermesml.training.data.SampleLayout;

/** Key and value bytes of the records of a run: those of real messages, made once and measured. */
final class RecordSizes {
    /** Clocks, versions and offsets of a typical run take three bytes each. */
    private static final long TYPICAL = 20_000;

    private final RunSpec spec;
    private final Slicing slicing;
    private final ValueType updateType;
    private final ValueType modelType;
    private final SampleLayout layout;
    private final int[] blockSamples;
    private final Map<Integer, Long> blocks = new HashMap<>();
    private final long modelBytes;
    private final Map<String, long[]> updates = new HashMap<>();
    private final UpdateForm form;

    /**
     * @param travelling parameters of the model whose records are measured
     */
    RecordSizes(RunSpec spec, Settings settings, long travelling, UpdateForm form) {
        this.spec = spec;
        this.slicing = Slicing.of(travelling, settings);
        this.updateType = Values.type(settings.get(Settings.UPDATE_TYPE));
        this.modelType = Values.type(settings.get(Settings.MODEL_TYPE));
        this.layout = SampleLayout.of(spec.getData());
        this.form = form;
        this.blockSamples =
                spec.getData().getTrainingList().stream()
                        .mapToInt(BlockAddress::getCount)
                        .toArray();
        this.modelBytes = slicing.slices().stream().mapToLong(this::modelSlice).sum();
    }

    /** Of each slice of a push, in order. */
    long[] update(String worker) {
        return updates.computeIfAbsent(
                worker, w -> slicing.slices().stream().mapToLong(s -> updateSlice(s, w)).toArray());
    }

    /** Of all slices of a version. */
    long model() {
        return modelBytes;
    }

    /** Of a report of this worker. */
    long report(String worker, MessageLite report) {
        return Topics.workerKey(spec.getRun(), worker).length() + (long) report.getSerializedSize();
    }

    long directive(String worker, MessageLite directive) {
        return worker.length() + (long) directive.getSerializedSize();
    }

    long score(MessageLite score) {
        return spec.getRun().length() + (long) score.getSerializedSize();
    }

    /** Of each training block, in order; not to be changed. */
    int[] blockSamples() {
        return blockSamples;
    }

    long trainingBlock(int position) {
        return block("training/" + position, blockSamples[position]);
    }

    /** Of the model definition. */
    long definition() {
        return spec.getData().getModelList().stream()
                .mapToLong(
                        piece ->
                                "model/0".length()
                                        + DataBlock.newBuilder()
                                                .setProtocol(Protocol.VERSION)
                                                .setModel(zeros(piece.getCount()))
                                                .build()
                                                .getSerializedSize())
                .sum();
    }

    /** Of all held-out samples. */
    long heldOut() {
        List<BlockAddress> heldOut = spec.getData().getHeldOutList();
        long bytes = 0;
        for (int i = 0; i < heldOut.size(); i++) {
            bytes += block("held-out/" + i, heldOut.get(i).getCount());
        }
        return bytes;
    }

    private long block(String key, int samples) {
        return key.length() + blocks.computeIfAbsent(samples, this::block);
    }

    private long block(int samples) {
        SampleBlock block =
                SampleBlock.newBuilder()
                        .setType(layout.type())
                        .setCount(samples)
                        .setFeatures(
                                zeros(samples * layout.featureCount() * layout.bytesPerFeature()))
                        .setLabels(zeros(samples * layout.bytesPerLabel()))
                        .build();
        return DataBlock.newBuilder()
                .setProtocol(Protocol.VERSION)
                .setSamples(block)
                .build()
                .getSerializedSize();
    }

    private long updateSlice(Slicing.Slice slice, String worker) {
        UpdateSlice message =
                slicing.record(slice, spec.getRun(), UpdateIds.of(worker, TYPICAL, TYPICAL), form)
                        .setType(updateType)
                        .setValues(zeros((int) Values.bytes(slice.count(), updateType)))
                        .setCrc32C(1)
                        .build();
        return Topics.workerKey(spec.getRun(), worker).length() + message.getSerializedSize();
    }

    private long modelSlice(Slicing.Slice slice) {
        ModelSlice message =
                ModelSlice.newBuilder()
                        .setProtocol(Protocol.VERSION)
                        .setRun(spec.getRun())
                        .setVersion(TYPICAL)
                        .setSlice(slice.slice())
                        .setSliceCount(slicing.sliceCount())
                        .setFirst(slice.first())
                        .setCount(slice.count())
                        .setType(modelType)
                        .setValues(zeros((int) Values.bytes(slice.count(), modelType)))
                        .setCrc32C(1)
                        .build();
        return Integer.toString(slice.slice()).length() + (long) message.getSerializedSize();
    }

    private static ByteString zeros(int count) {
        return UnsafeByteOperations.unsafeWrap(new byte[count]);
    }
}
