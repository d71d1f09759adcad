package org.hermesml.core.wire;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.List;
import org.hermesml.core.InputException;
import org.hermesml.core.Protocol;
import org.hermesml.core.message.UpdateForm;
import org.hermesml.core.message.UpdateId;
import org.hermesml.core.message.UpdateSlice;
import org.hermesml.core.message.ValueType;
import org.hermesml.core.settings.Settings;

/**
 * How the flat parameters of a model are cut into shards and slices. Shards are equal contiguous
 * ranges (the first ones one longer where it does not divide); each shard is cut into slices of at
 * most {@code sliceParameters}. Every side computes the same cut from the run's parameter count and
 * settings.
 */
public final class Slicing {
    /**
     * @param slice number in the whole model, from 0
     * @param first first parameter
     * @param count parameters
     */
    public record Slice(int slice, int shard, long first, int count) {}

    /** Where a version lies is told in one record, an address for each slice. */
    private static final int MOST_SLICES = 32_768;

    private final List<Slice> slices;
    private final int shardCount;
    private final long parameterCount;

    /**
     * @param shards wanted; never more than there are parameters
     */
    public Slicing(long parameterCount, int shards, int sliceParameters) {
        this.parameterCount = parameterCount;
        this.shardCount = (int) Math.max(1, Math.min(shards, parameterCount));
        List<Slice> cut = new ArrayList<>();
        long first = 0;
        for (int shard = 0; shard < shardCount; shard++) {
            long end =
                    first
                            + parameterCount / shardCount
                            + (shard < parameterCount % shardCount ? 1 : 0);
            while (first < end) {
                int count = (int) Math.min(sliceParameters, end - first);
                cut.add(new Slice(cut.size(), shard, first, count));
                first += count;
            }
        }
        this.slices = List.copyOf(cut);
    }

    /**
     * The cut that {@code settings} ask for.
     *
     * @throws InputException when that makes more slices than one record can list
     */
    public static Slicing of(long parameterCount, Settings settings) {
        long slices =
                parameterCount / settings.get(Settings.SLICE_PARAMETERS)
                        + settings.get(Settings.SHARDS);
        if (slices > MOST_SLICES) {
            throw new InputException(
                    "A model of "
                            + parameterCount
                            + " parameters with slice_parameters="
                            + settings.get(Settings.SLICE_PARAMETERS)
                            + " and shards="
                            + settings.get(Settings.SHARDS)
                            + " has about "
                            + slices
                            + " slices, "
                            + MOST_SLICES
                            + " are allowed; set a larger slice_parameters.");
        }
        return new Slicing(
                parameterCount,
                settings.get(Settings.SHARDS),
                settings.get(Settings.SLICE_PARAMETERS));
    }

    public List<Slice> slices() {
        return slices;
    }

    /** The record of one slice of an update, all but its values. */
    public UpdateSlice.Builder record(Slice slice, String run, UpdateId id, UpdateForm form) {
        return UpdateSlice.newBuilder()
                .setProtocol(Protocol.VERSION)
                .setRun(run)
                .setId(id)
                .setForm(form)
                .setSlice(slice.slice())
                .setSliceCount(sliceCount())
                .setShard(slice.shard())
                .setFirst(slice.first())
                .setCount(slice.count());
    }

    /**
     * The record of one slice of an update, with its values and their checksum.
     *
     * @param values of the whole model, {@code [parameterCount]}
     */
    public UpdateSlice record(
            Slice slice, String run, UpdateId id, UpdateForm form, float[] values, ValueType type) {
        ByteString encoded = Values.encode(values, (int) slice.first(), slice.count(), type);
        return record(slice, run, id, form)
                .setType(type)
                .setValues(encoded)
                .setCrc32C(Values.crc32c(encoded))
                .build();
    }

    public List<Slice> ofShard(int shard) {
        return slices.stream().filter(s -> s.shard() == shard).toList();
    }

    public int shardCount() {
        return shardCount;
    }

    public int sliceCount() {
        return slices.size();
    }

    public long parameterCount() {
        return parameterCount;
    }
}
