package org.hermesml.operators;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.hermesml.core.Protocol;
import org.hermesml.core.message.BlockAddress;
import org.hermesml.core.message.DataIndex;
import org.hermesml.core.message.Hello;
import org.hermesml.core.message.IterationReport;
import org.hermesml.core.message.Ready;
import org.hermesml.core.message.RecordAddress;
import org.hermesml.core.message.Report;
import org.hermesml.core.message.RunPhase;
import org.hermesml.core.message.RunRecord;
import org.hermesml.core.message.RunSpec;
import org.hermesml.core.message.SampleType;
import org.hermesml.core.message.Score;
import org.hermesml.core.message.UpdateForm;
import org.hermesml.core.message.UpdateId;
import org.hermesml.core.message.UpdateSlice;
import org.hermesml.core.message.ValueType;
import org.hermesml.core.settings.Settings;
import org.hermesml.core.state.AccountEvent;
import org.hermesml.core.state.ReceivedRecord;
import org.hermesml.core.state.ReceivedReport;
import org.hermesml.core.wire.Slicing;
import org.hermesml.core.wire.Topics;
import org.hermesml.core.wire.Values;

/** A small run and the records that workers and evaluators write in it. */
final class Fixtures {
    static final String RUN = "run-1";
    static final int PARAMETERS = 10;

    static RunSpec spec(Map<String, String> settings) {
        Map<String, String> all =
                new HashMap<>(
                        Map.of(
                                "shards",
                                "2",
                                "slice_parameters",
                                "16",
                                "alpha",
                                "-1.3",
                                "samples",
                                "2500",
                                "mini_batch",
                                "16",
                                "tail_average",
                                "0",
                                "update_type",
                                "fp32",
                                "model_type",
                                "fp32",
                                "defence",
                                "false"));
        all.putAll(settings);
        DataIndex.Builder data =
                DataIndex.newBuilder()
                        .setType(SampleType.UINT8)
                        .addFeatureShape(4)
                        .setClassCount(2);
        for (int i = 0; i < 8; i++) {
            data.addTraining(BlockAddress.newBuilder().setCount(1000));
        }
        return RunSpec.newBuilder()
                .setRun(RUN)
                .setParameterCount(PARAMETERS)
                .setData(data)
                .putAllSettings(Settings.of(all).toMap())
                .build();
    }

    static RunRecord running(RunSpec spec) {
        return record(spec, RunPhase.RUNNING);
    }

    static RunRecord record(RunSpec spec, RunPhase phase) {
        return RunRecord.newBuilder()
                .setProtocol(Protocol.VERSION)
                .setRun(spec.getRun())
                .setSpec(spec)
                .setPhase(phase)
                .build();
    }

    static Slicing slicing(RunSpec spec) {
        return Slicing.of(spec.getParameterCount(), Settings.of(spec.getSettingsMap()));
    }

    static List<UpdateSlice> slices(RunSpec spec, UpdateId id, UpdateForm form, float[] values) {
        List<UpdateSlice> slices = new ArrayList<>();
        Slicing slicing = slicing(spec);
        ValueType type = Values.type(Settings.of(spec.getSettingsMap()).get(Settings.UPDATE_TYPE));
        for (Slicing.Slice slice : slicing.slices()) {
            ByteString bytes = Values.encode(values, (int) slice.first(), slice.count(), type);
            slices.add(
                    slicing.record(slice, RUN, id, form)
                            .setType(type)
                            .setValues(bytes)
                            .setCrc32C(Values.crc32c(bytes))
                            .build());
        }
        return slices;
    }

    /** As the job reads it from its topic. */
    static ReceivedRecord received(UpdateSlice slice) {
        return received(slice.toByteString(), Topics.workerKey(RUN, slice.getId().getWorker()));
    }

    static ReceivedRecord received(ByteString value, String key) {
        return ReceivedRecord.newBuilder()
                .setTopic("hermes.updates")
                .setAddress(RecordAddress.newBuilder().setPartition(1).setOffset(77))
                .setKey(ByteString.copyFromUtf8(key))
                .setValue(value)
                .build();
    }

    static AccountEvent hello(String worker, long offset) {
        return received(
                report(worker, 0).setHello(Hello.newBuilder().setDataMemoryBytes(1 << 20)), offset);
    }

    static AccountEvent iteration(
            String worker, long incarnation, IterationReport.Builder iteration) {
        return received(report(worker, incarnation).setIteration(iteration), 1_000_000);
    }

    static AccountEvent ready(String worker, long incarnation, long clock, boolean wants) {
        Ready ready = Ready.newBuilder().setClock(clock).setWants(wants).build();
        return received(report(worker, incarnation).setReady(ready), 1_000_000);
    }

    static Score score(long version, double loss, double accuracy) {
        return Score.newBuilder()
                .setProtocol(Protocol.VERSION)
                .setRun(RUN)
                .setVersion(version)
                .setLoss(loss)
                .setAccuracy(accuracy)
                .build();
    }

    private static Report.Builder report(String worker, long incarnation) {
        return Report.newBuilder()
                .setProtocol(Protocol.VERSION)
                .setRun(RUN)
                .setWorker(worker)
                .setIncarnation(incarnation);
    }

    private static AccountEvent received(Report.Builder report, long offset) {
        return AccountEvent.newBuilder()
                .setRun(RUN)
                .setWorker(report.getWorker())
                .setReport(
                        ReceivedReport.newBuilder()
                                .setReport(report)
                                .setAddress(RecordAddress.newBuilder().setOffset(offset)))
                .build();
    }

    private Fixtures() {}
}
