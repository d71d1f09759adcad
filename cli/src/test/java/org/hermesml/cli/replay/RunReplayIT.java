package org.hermesml.cli.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.hermesml.cli.local.LocalBroker;
import org.hermesml.cli.local.TopicAdmin;
import org.hermesml.cli.run.KafkaSite;
import org.hermesml.cli.run.RunDirectory;
import org.hermesml.core.InputException;
import org.hermesml.core.Protocol;
import org.hermesml.core.log.UpdateIds;
import org.hermesml.core.merge.ModelReplay;
import org.hermesml.core.message.Admitted;
import org.hermesml.core.message.MergeKind;
import org.hermesml.core.message.ModelSlice;
import org.hermesml.core.message.RunPhase;
import org.hermesml.core.message.RunRecord;
import org.hermesml.core.message.RunSpec;
import org.hermesml.core.message.UpdateForm;
import org.hermesml.core.message.UpdateId;
import org.hermesml.core.message.UpdateSlice;
import org.hermesml.core.message.ValueType;
import org.hermesml.core.message.Verdict;
import org.hermesml.core.settings.Settings;
import org.hermesml.core.wire.Slicing;
import org.hermesml.core.wire.Topics;
import org.hermesml.core.wire.Values;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Replays runs that were written by hand, whole and damaged, from a real broker. */
class RunReplayIT {
    private static final int VERSIONS = 6;

    @TempDir static Path dir;

    private static LocalBroker broker;
    private static KafkaProducer<byte[], byte[]> producer;

    @BeforeAll
    static void start() {
        broker = LocalBroker.start(dir);
        broker.awaitReady();
        producer =
                new KafkaProducer<>(
                        Map.of("bootstrap.servers", broker.bootstrap()),
                        new ByteArraySerializer(),
                        new ByteArraySerializer());
    }

    @AfterAll
    static void end() {
        if (producer != null) {
            producer.close();
        }
        if (broker != null) {
            broker.close();
        }
    }

    @Test
    void aRunThatIsWholeIsFoundEqualThroughNoiseAndCopies() throws Exception {
        Written run = new Written("whole.", "fp16", -1);
        run.write(run.topics.verdicts(), run.id, Verdict.newBuilder().setProtocol(99).build());
        run.write(run.topics.runs(), run.id, run.record(RunPhase.RUNNING, 8));
        run.write(run.topics.runs(), "other", run.record(RunPhase.ENDED, 8));
        producer.send(new ProducerRecord<>(run.topics.updates(), new byte[] {1, 2, 3})).get();
        producer.send(new ProducerRecord<>(run.topics.scores(), new byte[] {1, 2, 3})).get();
        List<ReplayedVersion> seen = new ArrayList<>();
        RunReplay.Result result = run.replay().run(seen::add);
        assertTrue(result.equal(), result::toString);
        assertEquals(Map.of(), new RunDirectory(run.site()).newestScores());
        assertEquals(VERSIONS, result.compared());
        assertEquals(VERSIONS, seen.stream().map(ReplayedVersion::digest).distinct().count());
    }

    @Test
    void theFirstVersionAndSliceThatDifferAreNamed() throws Exception {
        RunReplay.Result result = new Written("damaged.", "fp32", 3).replay().run(version -> {});
        assertFalse(result.equal());
        ReplayedVersion fault = result.fault().orElseThrow();
        assertEquals(3, fault.version());
        assertEquals(1, fault.slice());
        assertEquals(ReplayedVersion.Finding.DIFFERENT, fault.finding());
    }

    @Test
    void whereOldSlicesAreGoneItBeginsLaterIfWeightsAreExactAndElseSaysSo() throws Exception {
        Written exact = new Written("exact.", "fp32", -1);
        exact.expireUpdates(2);
        RunReplay.Result result = exact.replay().run(version -> {});
        assertEquals(2, result.start().version());
        assertEquals(VERSIONS - 3, result.compared());
        assertTrue(result.equal(), result::toString);

        Written rounded = new Written("rounded.", "int8", -1);
        rounded.expireUpdates(2);
        String said =
                assertThrows(InputException.class, () -> rounded.replay().run(version -> {}))
                        .getMessage();
        assertTrue(said.contains("a:1:2 are no longer kept"), said);
        assertTrue(said.contains("this run: int8"), said);
    }

    /** An ended run of one worker, each update averaged in by itself. */
    private static final class Written {
        final String id = "run";
        final Topics topics;
        private final RunSpec spec;
        private final Slicing slicing;
        private final Map<Integer, String> places = new HashMap<>();
        private final Map<String, UpdateSlice> slices = new HashMap<>();

        /**
         * @param damaged version whose second slice is published wrong; -1: none
         */
        Written(String prefix, String modelType, int damaged) throws Exception {
            topics = new Topics(prefix);
            spec =
                    RunSpec.newBuilder()
                            .setRun(id)
                            .setParameterCount(7)
                            .putSettings(Settings.SHARDS.key(), "2")
                            .putSettings(Settings.MODEL_TYPE.key(), modelType)
                            .build();
            slicing = Slicing.of(7, Settings.of(spec.getSettingsMap()));
            try (TopicAdmin admin = TopicAdmin.connect(broker.bootstrap())) {
                admin.create(topics.shared());
                admin.create(topics.ofRun(id));
            }
            ModelReplay server = new ModelReplay(spec, this::values);
            for (int version = 0; version < VERSIONS; version++) {
                UpdateId update = version == 0 ? UpdateIds.INITIAL : UpdateIds.of("a", 1, version);
                writeForged(update);
                writeSlices(update, version);
                Verdict verdict = admit(update);
                write(topics.verdicts(), "other", verdict);
                write(topics.verdicts(), id, verdict.toBuilder().clearAdmitted().build());
                write(topics.verdicts(), id, verdict);
                assertEquals(OptionalLong.of(version), server.apply(verdict));
                publish(version, server.model(), Values.type(modelType), version == damaged);
            }
            write(topics.runs(), id, record(RunPhase.ENDED, spec.getParameterCount()));
        }

        RunRecord record(RunPhase phase, long parameters) {
            return RunRecord.newBuilder()
                    .setProtocol(Protocol.VERSION)
                    .setRun(id)
                    .setSpec(spec.toBuilder().setParameterCount(parameters))
                    .setPhase(phase)
                    .build();
        }

        RunReplay replay() {
            return new RunReplay(site(), id);
        }

        KafkaSite site() {
            return new KafkaSite(broker.bootstrap(), topics);
        }

        /** All slices up to those of version {@code last} go, in both partitions. */
        void expireUpdates(int last) throws Exception {
            Map<TopicPartition, RecordsToDelete> gone = new HashMap<>();
            for (int version = 0; version <= last; version++) {
                String[] at = places.get(version).split("/");
                gone.put(
                        new TopicPartition(topics.updates(), Integer.parseInt(at[0])),
                        RecordsToDelete.beforeOffset(Long.parseLong(at[1]) + 1));
            }
            try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrap()))) {
                admin.deleteRecords(gone).all().get(1, TimeUnit.MINUTES);
            }
        }

        private float[] values(UpdateId update, int slice) {
            UpdateSlice found = slices.get(UpdateIds.print(update) + "/" + slice);
            return Values.decode(found.getValues(), found.getType());
        }

        private void writeSlices(UpdateId update, int version) throws Exception {
            for (Slicing.Slice slice : slicing.slices()) {
                UpdateSlice record =
                        record(slice, update, UpdateForm.WEIGHTS, (version + 1) * 0.37f);
                slices.put(UpdateIds.print(update) + "/" + slice.slice(), record);
                String key = Topics.workerKey(id, update.getWorker());
                places.put(version, write(topics.updates(), key, record));
                // sent again: the copy changes nothing
                if (version > 2) {
                    write(topics.updates(), key, record);
                }
            }
        }

        /** Slices of the update that the job refuses: not its key, not the form of the run. */
        private void writeForged(UpdateId update) throws Exception {
            for (Slicing.Slice slice : slicing.slices()) {
                String key = Topics.workerKey(id, update.getWorker());
                write(topics.updates(), "other", record(slice, update, UpdateForm.WEIGHTS, 9));
                write(topics.updates(), key, record(slice, update, UpdateForm.DELTA, 9));
            }
        }

        private UpdateSlice record(
                Slicing.Slice slice, UpdateId update, UpdateForm form, float base) {
            float[] values = new float[slice.count()];
            for (int i = 0; i < values.length; i++) {
                values[i] = base + slice.first() + i;
            }
            ByteString bytes = Values.encode(values, 0, values.length, ValueType.FP32);
            return slicing.record(slice, id, update, form)
                    .setType(ValueType.FP32)
                    .setValues(bytes)
                    .setCrc32C(Values.crc32c(bytes))
                    .build();
        }

        private Verdict admit(UpdateId update) {
            boolean first = UpdateIds.isInitial(update);
            return Verdict.newBuilder()
                    .setProtocol(Protocol.VERSION)
                    .setRun(id)
                    .setAdmitted(
                            Admitted.newBuilder()
                                    .setId(update)
                                    .setKind(first ? MergeKind.REPLACE : MergeKind.AVERAGE)
                                    .setCoefficient(0.3))
                    .build();
        }

        private void publish(int version, float[] model, ValueType type, boolean damaged)
                throws Exception {
            for (Slicing.Slice slice : slicing.slices()) {
                float[] values = model.clone();
                if (damaged && slice.slice() == 1) {
                    values[(int) slice.first()] += 1;
                }
                ByteString bytes = Values.encode(values, (int) slice.first(), slice.count(), type);
                ModelSlice record =
                        ModelSlice.newBuilder()
                                .setProtocol(Protocol.VERSION)
                                .setRun(id)
                                .setVersion(version)
                                .setSlice(slice.slice())
                                .setSliceCount(slicing.sliceCount())
                                .setFirst(slice.first())
                                .setCount(slice.count())
                                .setType(type)
                                .setValues(bytes)
                                .setCrc32C(Values.crc32c(bytes))
                                .build();
                write(topics.models(id), Integer.toString(slice.slice()), record);
            }
        }

        /** Returns PARTITION/OFFSET. */
        String write(String topic, String key, Message message) throws Exception {
            var at =
                    producer.send(
                                    new ProducerRecord<>(
                                            topic,
                                            key.getBytes(StandardCharsets.UTF_8),
                                            message.toByteArray()))
                            .get(1, TimeUnit.MINUTES);
            return at.partition() + "/" + at.offset();
        }
    }
}
