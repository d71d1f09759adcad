package org.hermesml.operators;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.hermesml.core.log.UpdateIds;
import org.hermesml.core.message.Directive;
import org.hermesml.core.message.ModelSlice;
import org.hermesml.core.message.RecordAddress;
import org.hermesml.core.message.RunEnd;
import org.hermesml.core.message.RunSpec;
import org.hermesml.core.message.Score;
import org.hermesml.core.message.UpdateId;
import org.hermesml.core.message.UpdateSlice;
import org.hermesml.core.message.ValueType;
import org.hermesml.core.message.Verdict;
import org.hermesml.core.server.RunServer;
import org.hermesml.core.server.Surroundings;
import org.hermesml.core.settings.Settings;
import org.hermesml.core.state.AccountEvent;
import org.hermesml.core.state.NumberedVerdict;
import org.hermesml.core.wire.SliceInspection;
import org.hermesml.core.wire.Slicing;
import org.hermesml.core.wire.Values;

/** Feeds core's {@link RunServer} with records and keeps what it says: no Flink anywhere. */
final class CoreServer implements Server, Surroundings {
    private final RunSpec spec;
    private final Slicing slicing;
    private final ValueType modelType;
    private final RunServer server;
    private final Map<String, UpdateSlice> waiting = new HashMap<>();
    private final List<Verdict> verdicts = new ArrayList<>();
    private final List<Directive> directives = new ArrayList<>();
    private final List<ModelSlice> models = new ArrayList<>();
    private final List<RunEnd> ends = new ArrayList<>();
    private long nowMs;

    CoreServer(RunSpec spec) {
        this.spec = spec;
        Settings settings = Settings.of(spec.getSettingsMap());
        this.slicing = Slicing.of(spec.getParameterCount(), settings);
        this.modelType = Values.type(settings.get(Settings.MODEL_TYPE));
        this.server = new RunServer(spec, this);
    }

    @Override
    public void report(AccountEvent event) {
        server.report(event.getReport(), nowMs);
    }

    @Override
    public void slice(UpdateSlice slice) {
        SliceInspection found = SliceInspection.of(slice);
        if (found.fault().isEmpty()) {
            waiting.put(place(slice.getId(), slice.getSlice()), slice);
        }
        server.ticket(found.ticket(slice, slice.getSerializedSize()), nowMs);
    }

    @Override
    public void score(Score score) {
        server.score(score, nowMs);
    }

    @Override
    public void timeIs(long timeMs) {
        nowMs = timeMs;
        server.clock(timeMs);
    }

    @Override
    public float[] values(UpdateId id, int slice) {
        UpdateSlice update = waiting.get(place(id, slice));
        return Values.decode(update.getValues(), update.getType());
    }

    @Override
    public List<RecordAddress> publish(long version, float[] weights) {
        List<RecordAddress> addresses = new ArrayList<>();
        for (Slicing.Slice slice : slicing.slices()) {
            var values = Values.encode(weights, (int) slice.first(), slice.count(), modelType);
            addresses.add(RecordAddress.newBuilder().setOffset(models.size()).build());
            models.add(
                    ModelSlice.newBuilder()
                            .setProtocol(1)
                            .setRun(spec.getRun())
                            .setVersion(version)
                            .setSlice(slice.slice())
                            .setSliceCount(slicing.sliceCount())
                            .setFirst(slice.first())
                            .setCount(slice.count())
                            .setType(modelType)
                            .setValues(values)
                            .setCrc32C(Values.crc32c(values))
                            .build());
        }
        return addresses;
    }

    @Override
    public void logged(NumberedVerdict entry) {
        verdicts.add(entry.getVerdict());
    }

    @Override
    public void tell(Directive directive) {
        directives.add(directive);
    }

    @Override
    public void refused(String worker, String reason) {}

    @Override
    public void ended(RunEnd end) {
        ends.add(end);
    }

    private static String place(UpdateId id, int slice) {
        return UpdateIds.print(id) + "/" + slice;
    }

    @Override
    public List<Verdict> verdicts() {
        return verdicts;
    }

    @Override
    public List<Directive> directives() {
        return directives;
    }

    @Override
    public List<ModelSlice> models() {
        return models;
    }

    @Override
    public List<RunEnd> ends() {
        return ends;
    }

    @Override
    public void close() {}
}
