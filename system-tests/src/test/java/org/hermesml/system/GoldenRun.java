package org.hermesml.system;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.hermesml.core.Protocol;
import org.hermesml.core.gate.AlwaysPush;
import org.hermesml.core.log.UpdateIds;
import org.hermesml.core.log.VerdictLog;
import org.hermesml.core.message.BlockAddress;
import org.hermesml.core.message.DataIndex;
import org.hermesml.core.message.Hello;
import org.hermesml.core.message.IterationReport;
import org.hermesml.core.message.Report;
import org.hermesml.core.message.RunPhase;
import org.hermesml.core.message.RunRecord;
import org.hermesml.core.message.RunSpec;
import org.hermesml.core.message.SampleType;
import org.hermesml.core.message.UpdateForm;
import org.hermesml.core.message.UpdateId;
import org.hermesml.core.message.ValueType;
import org.hermesml.core.settings.Settings;
import org.hermesml.core.wire.Slicing;
import org.hermesml.core.wire.Topics;
import org.hermesml.core.wire.Values;

/**
 * A run of ten parameters whose workers are played: they push what they are told to, after each
 * iteration. Rounds end when both workers have pushed.
 */
final class GoldenRun implements AutoCloseable {
    static final String RUN = "golden";
    private static final int PARAMETERS = 10;
    private static final Duration LONG = Duration.ofMinutes(4);

    private final Topics topics = new Topics(Topics.DEFAULT_PREFIX);
    private final RecordedRun recorded;
    private final KafkaProducer<byte[], byte[]> producer;
    private final Map<String, Long> incarnations = new HashMap<>();

    GoldenRun(String bootstrap) {
        recorded = new RecordedRun(bootstrap, RUN);
        producer =
                new KafkaProducer<>(
                        Map.of("bootstrap.servers", bootstrap),
                        new ByteArraySerializer(),
                        new ByteArraySerializer());
    }

    RecordedRun recorded() {
        return recorded;
    }

    /** Publishes the run and its initial model. */
    void begin() throws Exception {
        RunRecord running =
                RunRecord.newBuilder()
                        .setProtocol(Protocol.VERSION)
                        .setRun(RUN)
                        .setSpec(spec())
                        .setPhase(RunPhase.RUNNING)
                        .build();
        write(topics.runs(), RUN, running);
        slices(UpdateIds.INITIAL, 0);
    }

    void join(String worker) throws Exception {
        Report.Builder hello = report(worker);
        hello.setHello(Hello.newBuilder().setDataMemoryBytes(1 << 20));
        incarnations.put(worker, write(topics.reports(), key(worker), hello.build()));
    }

    /** The worker is one that joined before the savepoint. */
    void goesOn(String worker, long incarnation) {
        incarnations.put(worker, incarnation);
    }

    long incarnation(String worker) {
        return incarnations.get(worker);
    }

    /** One iteration of the worker, with its push. */
    void push(String worker, long clock, long baseVersion) throws Exception {
        UpdateId id = UpdateIds.of(worker, incarnations.get(worker), clock);
        slices(id, Objects.hash(worker, clock));
        Report.Builder report = report(worker).setIncarnation(id.getIncarnation());
        report.setIteration(
                IterationReport.newBuilder()
                        .setClock(clock)
                        .setBaseVersion(baseVersion)
                        .setHeldOutLoss(1.0 / clock)
                        .setHeldOutAccuracy(0.5)
                        .setTrainLoss(1.0 / clock)
                        .setSeconds(1)
                        .setSamples(100)
                        .setMiniBatch(10)
                        .setEpochs(1)
                        .setBefore(new AlwaysPush(true).start())
                        .setPush(true)
                        .setZ(Double.NaN)
                        .setSliceCount(slicing().sliceCount()));
        write(topics.reports(), key(worker), report.build());
    }

    /** Waits until so many entries of the log count. */
    void awaitEntries(int count) throws Exception {
        Patience.until(
                count + " entries of the log", LONG, () -> recorded.counting().size() >= count);
    }

    void awaitVersion(long version) throws Exception {
        Patience.until(
                "version " + version + " is published",
                LONG,
                () ->
                        recorded.modelSlices().stream()
                                        .filter(slice -> slice.getVersion() == version)
                                        .map(slice -> slice.getSlice())
                                        .distinct()
                                        .count()
                                == slicing().sliceCount());
    }

    /** Names the updates of the open round; for messages. */
    String heldNow() throws Exception {
        var state = VerdictLog.EMPTY;
        for (var verdict : recorded.verdicts()) {
            state = VerdictLog.apply(state, verdict).state();
        }
        return state.getHeldList().stream().map(UpdateIds::print).toList().toString();
    }

    @Override
    public void close() {
        producer.close();
    }

    private static RunSpec spec() {
        Map<String, String> settings =
                Map.of(
                        "gate", "false",
                        "quorum", "1",
                        "shards", "2",
                        "slice_parameters", "16",
                        "update_type", "fp32",
                        "model_type", "fp32",
                        "min_workers", "2",
                        "score_deadline", "100ms",
                        "target_accuracy", "1.1",
                        "max_time", "8760h");
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
                .setTopicPrefix(Topics.DEFAULT_PREFIX)
                .setCreatedMs(System.currentTimeMillis())
                .putAllSettings(Settings.of(settings).toMap())
                .build();
    }

    private static Slicing slicing() {
        return Slicing.of(PARAMETERS, Settings.of(spec().getSettingsMap()));
    }

    private void slices(UpdateId id, int seed) throws Exception {
        for (Slicing.Slice slice : slicing().slices()) {
            float[] values = new float[slice.count()];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) Math.sin(seed + slice.first() + i);
            }
            ByteString bytes = Values.encode(values, 0, values.length, ValueType.FP32);
            write(
                    topics.updates(),
                    key(id.getWorker()),
                    slicing()
                            .record(slice, RUN, id, UpdateForm.WEIGHTS)
                            .setType(ValueType.FP32)
                            .setValues(bytes)
                            .setCrc32C(Values.crc32c(bytes))
                            .build());
        }
    }

    private static Report.Builder report(String worker) {
        return Report.newBuilder().setProtocol(Protocol.VERSION).setRun(RUN).setWorker(worker);
    }

    private static String key(String worker) {
        return Topics.workerKey(RUN, worker);
    }

    private long write(String topic, String key, Message message) throws Exception {
        byte[] name = key.getBytes(StandardCharsets.UTF_8);
        return producer.send(new ProducerRecord<>(topic, name, message.toByteArray()))
                .get(1, TimeUnit.MINUTES)
                .offset();
    }
}
