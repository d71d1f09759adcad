package org.hermesml.edge;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.hermesml.core.message.ModelSlice;
import org.hermesml.core.message.ModelVersion;
import org.hermesml.core.wire.Values;
import org.hermesml.edge.kafka.Messages;
import org.hermesml.edge.kafka.RecordFetcher;

/**
 * Reads model versions of one run, slice by slice, from where the directive says they lie. One
 * thread at a time.
 */
public final class ModelReader {
    private final String run;
    private final String topic;
    private final int parameterCount;
    private final RecordFetcher fetcher;
    private final AtomicLong bytes;

    /**
     * @param bytes grows by the bytes of all records read
     */
    public ModelReader(
            String run, String topic, int parameterCount, RecordFetcher fetcher, AtomicLong bytes) {
        this.run = run;
        this.topic = topic;
        this.parameterCount = parameterCount;
        this.fetcher = fetcher;
        this.bytes = bytes;
    }

    /**
     * Reads and checks every slice.
     *
     * @param into takes the parameters, {@code [parameterCount]}; holds no usable model when this
     *     throws
     * @return the slices as they were read
     * @throws RunFault when a slice is gone, damaged or of another version
     */
    public List<ModelSlice> read(ModelVersion version, float[] into) {
        List<ModelSlice> slices = new ArrayList<>();
        fetcher.fetch(
                topic,
                version.getSlicesList(),
                (i, record) -> {
                    bytes.addAndGet(RecordFetcher.bytes(record));
                    slices.add(Messages.read(record, ModelSlice.parser(), ModelSlice::getProtocol));
                });
        decode(version.getVersion(), slices, into);
        return slices;
    }

    private void decode(long version, List<ModelSlice> slices, float[] into) {
        long next = 0;
        for (int i = 0; i < slices.size(); i++) {
            ModelSlice slice = slices.get(i);
            String fault = fault(slice, version, i, slices.size(), next);
            if (!fault.isEmpty()) {
                throw new RunFault(
                        "Slice "
                                + i
                                + " of version "
                                + version
                                + " of run "
                                + run
                                + " "
                                + fault
                                + ".");
            }
            Values.decode(slice.getValues(), slice.getType(), into, (int) slice.getFirst());
            next += slice.getCount();
        }
        if (next != parameterCount) {
            throw new RunFault(
                    "Version "
                            + version
                            + " of run "
                            + run
                            + " has "
                            + next
                            + " parameters, the model has "
                            + parameterCount
                            + ".");
        }
    }

    private String fault(ModelSlice slice, long version, int index, int count, long first) {
        if (!slice.getRun().equals(run) || slice.getVersion() != version) {
            return "is of version " + slice.getVersion() + " of run " + slice.getRun();
        }
        if (slice.getSlice() != index
                || slice.getSliceCount() != count
                || slice.getFirst() != first) {
            return "is slice "
                    + slice.getSlice()
                    + " of "
                    + slice.getSliceCount()
                    + " from parameter "
                    + slice.getFirst();
        }
        if (!Values.isKnown(slice.getType())) {
            return "has a number format that is not known here";
        }
        if (first + slice.getCount() > parameterCount
                || !Values.fits(slice.getValues(), slice.getCount(), slice.getType())) {
            return "has "
                    + slice.getCount()
                    + " parameters in "
                    + slice.getValues().size()
                    + " bytes";
        }
        return Values.crc32c(slice.getValues()) == slice.getCrc32C()
                ? ""
                : "is damaged: its checksum does not fit";
    }
}
