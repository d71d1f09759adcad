package org.hermesml.system;

import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongToDoubleFunction;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.hermesml.cli.local.TopicAdmin;
import org.hermesml.core.Protocol;
import org.hermesml.core.log.UpdateIds;
import org.hermesml.core.message.BlockAddress;
import org.hermesml.core.message.DataIndex;
import org.hermesml.core.message.Directive;
import org.hermesml.core.message.Hello;
import org.hermesml.core.message.IterationReport;
import org.hermesml.core.message.Outcome;
import org.hermesml.core.message.PushState;
import org.hermesml.core.message.RecordAddress;
import org.hermesml.core.message.Report;
import org.hermesml.core.message.RunPhase;
import org.hermesml.core.message.RunRecord;
import org.hermesml.core.message.RunSpec;
import org.hermesml.core.message.SampleType;
import org.hermesml.core.message.UpdateForm;
import org.hermesml.core.message.UpdateId;
import org.hermesml.core.message.UpdateSlice;
import org.hermesml.core.message.ValueType;
import org.hermesml.core.message.WorkerSelection;
import org.hermesml.core.method.PushRule.PushStep;
import org.hermesml.core.settings.Settings;
import org.hermesml.core.wire.Slicing;
import org.hermesml.core.wire.Topics;

/** A run with a model of a few numbers, whose workers are the test: all but the job is played. */
final class PlayedRun implements AutoCloseable {
    private static final int PARAMETERS = 40;

    private static final Hello HELLO = Hello.newBuilder().setDataMemoryBytes(1 << 20).build();

    private final String bootstrap;
    private final Topics topics = new Topics(Topics.DEFAULT_PREFIX);
    private final KafkaProducer<String, byte[]> producer;
    private final RunSpec spec;
    private final Slicing slicing;

    PlayedRun(String bootstrap, String run, Map<String, String> settings) {
        this(
                bootstrap,
                RunSpec.newBuilder()
                        .setRun(run)
                        .setParameterCount(PARAMETERS)
                        .setData(data(4, 100))
                        .setWorkers(WorkerSelection.newBuilder().addNames("w").addNames("v"))
                        .putAllSettings(Settings.of(settings).toMap())
                        .build());
    }

    PlayedRun(String bootstrap, RunSpec spec) {
        this.bootstrap = bootstrap;
        this.producer =
                new KafkaProducer<>(
                        Map.of(
                                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                                bootstrap,
                                ProducerConfig.ACKS_CONFIG,
                                "all"),
                        new StringSerializer(),
                        new ByteArraySerializer());
        this.spec = spec;
        this.slicing = Slicing.of(spec.getParameterCount(), Settings.of(spec.getSettingsMap()));
    }

    /** Training data that nobody reads. */
    static DataIndex data(int blocks, int samplesOfEach) {
        DataIndex.Builder data =
                DataIndex.newBuilder()
                        .setType(SampleType.UINT8)
                        .addFeatureShape(4)
                        .setClassCount(2);
        for (int i = 0; i < blocks; i++) {
            data.addTraining(
                    BlockAddress.newBuilder()
                            .setAddress(RecordAddress.newBuilder().setOffset(i))
                            .setCount(samplesOfEach));
        }
        return data.build();
    }

    Slicing slicing() {
        return slicing;
    }

    RunSpec spec() {
        return spec;
    }

    Topics topics() {
        return topics;
    }

    List<String> ownTopics() {
        return topics.ofRun(spec.getRun()).stream().map(Topics.Topic::name).toList();
    }

    RecordMetadata send(String topic, String key, byte[] value) throws Exception {
        return producer.send(new ProducerRecord<>(topic, key, value)).get(2, TimeUnit.MINUTES);
    }

    /** Announces the run and sends its initial model. */
    void begin() throws Exception {
        try (TopicAdmin admin = TopicAdmin.connect(bootstrap)) {
            admin.create(topics.ofRun(spec.getRun()));
        }
        RunRecord running =
                RunRecord.newBuilder()
                        .setProtocol(Protocol.VERSION)
                        .setRun(spec.getRun())
                        .setSpec(spec)
                        .setPhase(RunPhase.RUNNING)
                        .build();
        send(topics.runs(), spec.getRun(), running.toByteArray());
        for (UpdateSlice slice : slices(UpdateIds.INITIAL, UpdateForm.WEIGHTS, 0.5f)) {
            send(slice);
        }
    }

    /** Returns the worker's incarnation. */
    long hello(String worker) throws Exception {
        Report hello = report(worker).setHello(HELLO).build();
        return send(hello).offset();
    }

    /** Pushes and waits for what the job says to it. */
    Outcome push(String worker, long incarnation, long clock) throws Exception {
        handIn(worker, incarnation, clock);
        return awaitOutcome(worker, incarnation, clock);
    }

    void handIn(String worker, long incarnation, long clock) throws Exception {
        for (UpdateSlice slice :
                slices(UpdateIds.of(worker, incarnation, clock), UpdateForm.DELTA, 0.01f)) {
            send(slice);
        }
        send(iteration(worker, incarnation, clock).build());
    }

    /** Waits for what the job says to a push. */
    Outcome awaitOutcome(String worker, long incarnation, long clock) throws Exception {
        Outcome[] outcome = new Outcome[1];
        Patience.until(
                "the job decides on push " + clock + " of " + worker,
                BadRecordsIT.MOST,
                () -> (outcome[0] = outcome(worker, incarnation, clock)) != null);
        return outcome[0];
    }

    /** Waits for the first version. */
    void awaitModel() throws Exception {
        Topic directives = new Topic(bootstrap, topics.directives(spec.getRun()));
        Patience.until(
                "there is a model",
                BadRecordsIT.MOST,
                () -> {
                    for (ConsumerRecord<String, byte[]> record : directives.records()) {
                        if (Directive.parseFrom(record.value()).hasModel()) {
                            return true;
                        }
                    }
                    return false;
                });
    }

    private Outcome outcome(String worker, long incarnation, long clock) throws Exception {
        Topic directives = new Topic(bootstrap, topics.directives(spec.getRun()));
        for (ConsumerRecord<String, byte[]> record : directives.records()) {
            Directive directive = Directive.parseFrom(record.value());
            if (directive.getWorker().equals(worker)
                    && directive.getIncarnation() == incarnation
                    && directive.getOutcome().getSequence() == clock) {
                return directive.getOutcome();
            }
        }
        return null;
    }

    /** The newest record of the run in the topic of runs. */
    RunRecord record() throws Exception {
        RunRecord newest = null;
        for (ConsumerRecord<String, byte[]> record :
                new Topic(bootstrap, topics.runs()).records()) {
            if (record.key().equals(spec.getRun())) {
                newest = RunRecord.parseFrom(record.value());
            }
        }
        return newest;
    }

    Report.Builder iteration(String worker, long incarnation, long clock) {
        return report(worker)
                .setIncarnation(incarnation)
                .setIteration(
                        IterationReport.newBuilder()
                                .setClock(clock)
                                .setHeldOutLoss(0.5)
                                .setSeconds(0.1)
                                .setSamples(100)
                                .setMiniBatch(16)
                                .setEpochs(1)
                                .setPush(true));
    }

    /** As a push rule has it. */
    Report.Builder iteration(
            String worker,
            long incarnation,
            long clock,
            double loss,
            PushState before,
            PushStep step) {
        Report.Builder report = iteration(worker, incarnation, clock);
        report.getIterationBuilder()
                .setHeldOutLoss(loss)
                .setBefore(before)
                .setZ(step.z())
                .setThreshold(step.threshold())
                .setPush(step.push());
        return report;
    }

    Report.Builder report(String worker) {
        return Report.newBuilder()
                .setProtocol(Protocol.VERSION)
                .setRun(spec.getRun())
                .setWorker(worker);
    }

    RecordMetadata send(Report report) throws Exception {
        return send(
                topics.reports(),
                Topics.workerKey(report.getRun(), report.getWorker()),
                report.toByteArray());
    }

    RecordMetadata send(UpdateSlice slice) throws Exception {
        return send(
                topics.updates(),
                Topics.workerKey(slice.getRun(), slice.getId().getWorker()),
                slice.toByteArray());
    }

    List<UpdateSlice> slices(UpdateId id, UpdateForm form, float value) {
        return slices(id, form, parameter -> value);
    }

    /**
     * @param values by number of the parameter
     */
    List<UpdateSlice> slices(UpdateId id, UpdateForm form, LongToDoubleFunction values) {
        float[] all = new float[(int) slicing.parameterCount()];
        for (int i = 0; i < all.length; i++) {
            all[i] = (float) values.applyAsDouble(i);
        }
        return slicing.slices().stream()
                .map(cut -> slicing.record(cut, spec.getRun(), id, form, all, ValueType.FP32))
                .toList();
    }

    @Override
    public void close() {
        producer.close();
    }
}
