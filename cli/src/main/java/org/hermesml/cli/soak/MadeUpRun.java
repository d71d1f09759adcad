package org.hermesml.cli.soak;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.hermesml.cli.local.TopicAdmin;
import org.hermesml.cli.run.KafkaSite;
import org.hermesml.cli.run.RunDirectory;
import org.hermesml.cli.run.RunFailure;
import org.hermesml.core.Protocol;
import org.hermesml.core.account.Patience;
import org.hermesml.core.log.UpdateIds;
import org.hermesml.core.message.BlockAddress;
import org.hermesml.core.message.DataIndex;
import org.hermesml.core.message.Directive;
import org.hermesml.core.message.Directive.ContentCase;
import org.hermesml.core.message.Goodbye;
import org.hermesml.core.message.Hello;
import org.hermesml.core.message.IterationReport;
import org.hermesml.core.message.RecordAddress;
import org.hermesml.core.message.Report;
import org.hermesml.core.message.RunPhase;
import org.hermesml.core.message.RunRecord;
import org.hermesml.core.message.RunSpec;
import org.hermesml.core.message.SampleType;
import org.hermesml.core.message.UpdateForm;
import org.hermesml.core.message.UpdateId;
import org.hermesml.core.message.ValueType;
import org.hermesml.core.message.WorkerSelection;
import org.hermesml.core.method.Method;
import org.hermesml.core.method.Methods;
import org.hermesml.core.settings.Settings;
import org.hermesml.core.wire.Slicing;
import org.hermesml.core.wire.Topics;

/**
 * A run from its first record to its deletion, with a tiny model and devices that are made up: what
 * the job and the broker see is what they see of a real one. One thread.
 */
final class MadeUpRun {
    private static final int PARAMETERS = 2_000;
    private static final int SAMPLES_OF_BLOCK = 100;
    private static final Duration POLL = Duration.ofMillis(20);
    private static final Duration ENDS_WITHIN = Duration.ofMinutes(2);

    /** One report in so many is followed by a record that is none. */
    private static final int BAD_ONE_IN = 200;

    private final KafkaSite site;
    private final Topics topics;
    private final KafkaProducer<byte[], byte[]> producer;
    private final String run;
    private final RunSpec spec;
    private final Method method;
    private final Slicing slicing;
    private final SplittableRandom random;
    private final Traffic traffic;
    private final Map<String, MadeUpDevice> devices = new HashMap<>();
    private boolean ended;

    MadeUpRun(
            KafkaSite site,
            KafkaProducer<byte[], byte[]> producer,
            String run,
            Map<String, String> settings,
            int deviceCount,
            long seed,
            Traffic traffic) {
        this.site = site;
        this.topics = site.topics();
        this.producer = producer;
        this.run = run;
        this.random = new SplittableRandom(seed);
        this.traffic = traffic;
        Settings checked = Settings.of(settings);
        this.method = Methods.of(checked);
        this.slicing = Slicing.of(PARAMETERS, checked);
        WorkerSelection.Builder names = WorkerSelection.newBuilder();
        Duration patience = Duration.ofMillis(Patience.ms(checked));
        long now = System.nanoTime();
        for (int i = 0; i < deviceCount; i++) {
            String name = "made-up-" + i;
            names.addNames(name);
            // Unequal, as devices are: the slowest takes eight times as long as the fastest.
            double seconds = Math.pow(2, 3 * random.nextDouble());
            devices.put(
                    name,
                    new MadeUpDevice(
                            name, method.pushRule(), seconds, patience, random.split(), now));
        }
        this.spec =
                RunSpec.newBuilder()
                        .setRun(run)
                        .setDataset("made up")
                        .setModel("made up")
                        .setParameterCount(PARAMETERS)
                        .setData(index(2 * deviceCount))
                        .setWorkers(names)
                        .putAllSettings(checked.toMap())
                        .setCreatedMs(System.currentTimeMillis())
                        .setTopicPrefix(topics.prefix())
                        .build();
    }

    /** Nobody reads these blocks, so there are none. */
    private static DataIndex index(int blocks) {
        DataIndex.Builder index =
                DataIndex.newBuilder()
                        .setType(SampleType.UINT8)
                        .addFeatureShape(4)
                        .setClassCount(2)
                        .setFeatureScale(1);
        for (int i = 0; i < blocks; i++) {
            index.addTraining(
                    BlockAddress.newBuilder()
                            .setAddress(RecordAddress.newBuilder().setOffset(i))
                            .setCount(SAMPLES_OF_BLOCK));
        }
        return index.build();
    }

    /**
     * Returns when the run has gone on for {@code life}, has ended and is deleted.
     *
     * @throws RunFailure when the job does not end it in time
     */
    void live(Duration life) throws InterruptedException {
        try (TopicAdmin admin = TopicAdmin.connect(site.bootstrap())) {
            admin.create(topics.ofRun(run));
        }
        RunDirectory directory = new RunDirectory(site);
        try (KafkaConsumer<byte[], byte[]> consumer = site.consumer()) {
            List<TopicPartition> partitions = site.partitions(consumer, topics.directives(run));
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            begin();
            long end = System.nanoTime() + life.toNanos();
            while (System.nanoTime() - end < 0 && !ended) {
                consumer.poll(POLL).forEach(this::take);
                for (MadeUpDevice device : devices.values()) {
                    act(device, System.nanoTime());
                }
            }
            if (!ended) {
                directory.stop(run);
            }
            long patience = System.nanoTime() + ENDS_WITHIN.toNanos();
            while (directory.find(run).getPhase() != RunPhase.ENDED) {
                if (System.nanoTime() - patience > 0) {
                    throw new RunFailure(
                            "Run " + run + " was asked to end and has not within 2 minutes.");
                }
                consumer.poll(Duration.ofSeconds(1)).forEach(this::take);
            }
        }
        directory.delete(run);
        traffic.runs.increment();
    }

    private void begin() throws InterruptedException {
        RunRecord running =
                RunRecord.newBuilder()
                        .setProtocol(Protocol.VERSION)
                        .setRun(run)
                        .setSpec(spec)
                        .setPhase(RunPhase.RUNNING)
                        .build();
        await(send(topics.runs(), run, running));
        sendUpdate(UpdateIds.INITIAL, UpdateForm.WEIGHTS, ValueType.FP32);
    }

    private void take(ConsumerRecord<byte[], byte[]> record) {
        Directive directive;
        try {
            directive = Directive.parseFrom(record.value());
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("The job wrote a directive that is none.", e);
        }
        if (directive.getContentCase() == ContentCase.OUTCOME) {
            (directive.getOutcome().getAdmitted() ? traffic.admitted : traffic.refused).increment();
        }
        ended |= directive.getContentCase() == ContentCase.STOP;
        long now = System.nanoTime();
        if (directive.getWorker().isEmpty()) {
            devices.values().forEach(device -> device.take(directive, now));
        } else if (devices.containsKey(directive.getWorker())) {
            devices.get(directive.getWorker()).take(directive, now);
        }
    }

    private void act(MadeUpDevice device, long now) throws InterruptedException {
        switch (device.next(now)) {
            case JOIN -> {
                Hello hello = Hello.newBuilder().setDataMemoryBytes(1 << 20).build();
                device.joined(await(report(device, r -> r.setHello(hello))).offset(), now);
            }
            case ITERATE -> {
                IterationReport report = device.iterate(now);
                traffic.iterations.increment();
                if (report.getPush()) {
                    traffic.pushes.increment();
                    UpdateId id =
                            UpdateIds.of(device.name(), device.incarnation(), report.getClock());
                    sendUpdate(id, method.updateForm(), ValueType.INT8);
                }
                say(device, report);
                if (random.nextInt(BAD_ONE_IN) == 0) {
                    sendBad();
                }
            }
            case SAY_AGAIN -> device.sayAgain(now).ifPresent(report -> say(device, report));
            case LEAVE -> {
                if (device.leavesPolitely()) {
                    report(device, r -> r.setGoodbye(Goodbye.newBuilder().setReason("Gone.")));
                }
                device.left(now);
            }
            case WAIT -> {
                // It trains, or nothing has come for it yet.
            }
        }
    }

    private void say(MadeUpDevice device, IterationReport iteration) {
        int slices = iteration.getPush() ? slicing.sliceCount() : 0;
        report(device, r -> r.setIteration(iteration.toBuilder().setSliceCount(slices)));
    }

    private Future<RecordMetadata> report(
            MadeUpDevice device, java.util.function.Consumer<Report.Builder> content) {
        Report.Builder report =
                Report.newBuilder()
                        .setProtocol(Protocol.VERSION)
                        .setRun(run)
                        .setWorker(device.name())
                        .setIncarnation(Math.max(0, device.incarnation()));
        content.accept(report);
        return send(topics.reports(), Topics.workerKey(run, device.name()), report.build());
    }

    /** Returns once the broker has all of it: the report behind it is its commit. */
    private void sendUpdate(UpdateId id, UpdateForm form, ValueType type)
            throws InterruptedException {
        float[] values = new float[PARAMETERS];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (0.01 * (random.nextDouble() - 0.5));
        }
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        for (Slicing.Slice cut : slicing.slices()) {
            sent.add(
                    send(
                            topics.updates(),
                            Topics.workerKey(run, id.getWorker()),
                            slicing.record(cut, run, id, form, values, type)));
        }
        for (Future<RecordMetadata> one : sent) {
            await(one);
        }
    }

    private void sendBad() {
        byte[] bytes = new byte[1 + random.nextInt(100)];
        random.nextBytes(bytes);
        String topic = random.nextBoolean() ? topics.reports() : topics.updates();
        producer.send(new ProducerRecord<>(topic, run.getBytes(StandardCharsets.UTF_8), bytes));
        traffic.bad.increment();
    }

    private Future<RecordMetadata> send(String topic, String key, Message message) {
        return producer.send(
                new ProducerRecord<>(
                        topic, key.getBytes(StandardCharsets.UTF_8), message.toByteArray()));
    }

    private static RecordMetadata await(Future<RecordMetadata> sent) throws InterruptedException {
        try {
            return sent.get();
        } catch (ExecutionException e) {
            throw new RunFailure(
                    "The broker does not take a record: " + e.getCause().getMessage() + ".", e);
        }
    }
}
