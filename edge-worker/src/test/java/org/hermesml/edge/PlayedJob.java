package org.hermesml.edge;

import com.google.protobuf.ByteString;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.hermesml.core.Protocol;
import org.hermesml.core.log.UpdateIds;
import org.hermesml.core.message.Allocation;
import org.hermesml.core.message.Directive;
import org.hermesml.core.message.EndReason;
import org.hermesml.core.message.ModelSlice;
import org.hermesml.core.message.ModelVersion;
import org.hermesml.core.message.Outcome;
import org.hermesml.core.message.RecordAddress;
import org.hermesml.core.message.Release;
import org.hermesml.core.message.Report;
import org.hermesml.core.message.RunEnd;
import org.hermesml.core.message.RunPhase;
import org.hermesml.core.message.RunRecord;
import org.hermesml.core.message.RunSpec;
import org.hermesml.core.message.UpdateForm;
import org.hermesml.core.message.UpdateId;
import org.hermesml.core.message.UpdateSlice;
import org.hermesml.core.message.ValueType;
import org.hermesml.core.wire.Values;
import org.hermesml.edge.kafka.Connection;
import org.hermesml.edge.kafka.RecordSender;
import org.hermesml.edge.kafka.TopicFollower;

/**
 * Plays the job's part for one run: every good push becomes the next version: weights as they are,
 * a delta added. A second reader and writer of the protocol, independent of the job.
 */
final class PlayedJob implements AutoCloseable {
    final List<Report> reports = new ArrayList<>();
    final Map<UpdateId, TreeMap<Integer, UpdateSlice>> updates = new HashMap<>();

    private final Connection connection;
    private final String run;
    private final TopicFollower follower;
    private final RecordSender sender;

    /**
     * What to answer to a pushing report; null for nothing. Returns the reason of a refusal, or ""
     * to admit.
     */
    private final Function<Report, String> verdict;

    /** What to answer to one that asks whether to push; null for nothing. */
    Function<Report, Boolean> release = report -> true;

    /** Iterations until the next push, said with each outcome; 0 to say nothing. */
    int iterations;

    /** The version after which nothing more is answered, however fast a worker pushes. */
    private long last = Long.MAX_VALUE;

    private final Set<Long> decided = new HashSet<>();

    /** When the last slice of an update was sent. */
    private final Map<UpdateId, Long> sentMs = new HashMap<>();

    /** Pushes to be settled; one may be read before its slices, as they come by another topic. */
    private final List<ConsumerRecord<byte[], byte[]>> pushes = new ArrayList<>();

    private final Map<Integer, float[]> model = new HashMap<>();
    private RunSpec spec;
    private ModelVersion newest;

    PlayedJob(Connection connection, String run, Function<Report, String> verdict) {
        this.connection = connection;
        this.run = run;
        this.verdict = verdict;
        this.follower = new TopicFollower(connection);
        this.sender = new RecordSender(connection.producer());
        follower.addFromBeginning(connection.topics().runs());
        follower.addFromBeginning(connection.topics().updates());
        follower.addFromBeginning(connection.topics().reports());
    }

    /** Plays until {@code pushes} have been admitted, then ends the run. */
    void play(int pushes) throws Exception {
        playTo(pushes);
        end();
    }

    /** Plays until {@code pushes} have been admitted, and answers to no push after them. */
    void playTo(int pushes) throws Exception {
        last = pushes;
        playUntil(() -> newest != null && newest.getVersion() >= pushes);
    }

    void playUntil(BooleanSupplier done) throws Exception {
        long deadline = System.nanoTime() + Duration.ofMinutes(3).toNanos();
        while (!done.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("The worker does not get on; reports: " + reports);
            }
            for (ConsumerRecord<byte[], byte[]> record : follower.poll(Duration.ofMillis(100))) {
                take(record);
            }
            settle();
        }
    }

    /** Settles each push whose slices are there, none before an earlier one of its process. */
    private void settle() throws Exception {
        Set<Long> waiting = new HashSet<>();
        for (ConsumerRecord<byte[], byte[]> record : List.copyOf(pushes)) {
            Report report = Report.parseFrom(record.value());
            if (waiting.contains(report.getIncarnation()) || !isWhole(report)) {
                waiting.add(report.getIncarnation());
            } else {
                pushes.remove(record);
                settle(report, record);
            }
        }
    }

    private boolean isWhole(Report report) {
        TreeMap<Integer, UpdateSlice> slices = updates.get(id(report));
        return slices != null && slices.size() == report.getIteration().getSliceCount();
    }

    private static UpdateId id(Report report) {
        return UpdateIds.of(
                report.getWorker(), report.getIncarnation(), report.getIteration().getClock());
    }

    void end() {
        RunEnd end = RunEnd.newBuilder().setReason(EndReason.TARGET).setText("Done.").build();
        direct(Directive.newBuilder().setStop(end));
        sender.send(
                RecordSender.record(
                        connection.topics().runs(),
                        run,
                        RunRecord.newBuilder()
                                .setProtocol(Protocol.VERSION)
                                .setRun(run)
                                .setSpec(spec)
                                .setPhase(RunPhase.ENDED)
                                .setEnd(end)
                                .build()));
    }

    private void take(ConsumerRecord<byte[], byte[]> record) throws Exception {
        if (record.topic().equals(connection.topics().runs())) {
            RunRecord read = RunRecord.parseFrom(record.value());
            spec = read.getRun().equals(run) ? read.getSpec() : spec;
        } else if (record.topic().equals(connection.topics().updates())) {
            UpdateSlice slice = UpdateSlice.parseFrom(record.value());
            if (!slice.getRun().equals(run)) {
                return;
            }
            if (Values.crc32c(slice.getValues()) != slice.getCrc32C()) {
                throw new AssertionError("Damaged: " + slice.getId());
            }
            updates.computeIfAbsent(slice.getId(), i -> new TreeMap<>())
                    .put(slice.getSlice(), slice);
            sentMs.merge(slice.getId(), record.timestamp(), Math::max);
            if (UpdateIds.isInitial(slice.getId())
                    && updates.get(slice.getId()).size() == slice.getSliceCount()) {
                publish(updates.get(slice.getId()), 0);
            }
        } else {
            Report report = Report.parseFrom(record.value());
            if (report.getRun().equals(run)) {
                answer(report, record);
            }
        }
    }

    private void answer(Report report, ConsumerRecord<byte[], byte[]> record) {
        reports.add(report);
        if (report.hasHello()) {
            direct(
                    Directive.newBuilder()
                            .setWorker(report.getWorker())
                            .setIncarnation(record.offset())
                            .setAllocation(
                                    Allocation.newBuilder()
                                            .setGeneration(1)
                                            .addAllBlocks(IntStream.range(0, 6).boxed().toList())
                                            .setSamples(600)
                                            .setMiniBatch(16)
                                            .setEpochs(1)
                                            .setSeed(5)));
            if (newest != null) {
                direct(Directive.newBuilder().setModel(newest));
            }
        } else if (report.hasReady()) {
            release(report);
        } else if (report.getIteration().getPush()) {
            pushes.add(record);
        }
    }

    private void release(Report report) {
        Boolean push = release.apply(report);
        if (push != null) {
            direct(
                    Directive.newBuilder()
                            .setWorker(report.getWorker())
                            .setIncarnation(report.getIncarnation())
                            .setRelease(
                                    Release.newBuilder()
                                            .setClock(report.getReady().getClock())
                                            .setPush(push)));
        }
    }

    private void settle(Report report, ConsumerRecord<byte[], byte[]> record) {
        long clock = report.getIteration().getClock();
        if (record.timestamp() < sentMs.get(id(report))) {
            throw new AssertionError("The report was sent before its slices: " + report);
        }
        if (newest.getVersion() >= last) {
            return;
        }
        String reason = verdict.apply(report);
        if (reason == null || !decided.add(clock)) {
            return;
        }
        if (reason.isEmpty()) {
            publish(updates.get(id(report)), newest.getVersion() + 1);
        }
        direct(
                Directive.newBuilder()
                        .setWorker(report.getWorker())
                        .setIncarnation(report.getIncarnation())
                        .setOutcome(
                                Outcome.newBuilder()
                                        .setSequence(clock)
                                        .setAdmitted(reason.isEmpty())
                                        .setReason(reason)
                                        .setIterations(iterations)
                                        .setModel(newest)));
    }

    private void publish(TreeMap<Integer, UpdateSlice> update, long version) {
        List<RecordAddress> addresses =
                sender.send(
                        update.size(),
                        i -> {
                            float[] values =
                                    Values.decode(
                                            update.get(i).getValues(), update.get(i).getType());
                            if (update.get(i).getForm() == UpdateForm.DELTA) {
                                for (int k = 0; k < values.length; k++) {
                                    values[k] += model.get(i)[k];
                                }
                            }
                            model.put(i, values);
                            return RecordSender.record(
                                    connection.topics().models(run),
                                    "" + i,
                                    slice(update.get(i), values, version));
                        });
        newest = ModelVersion.newBuilder().setVersion(version).addAllSlices(addresses).build();
        direct(Directive.newBuilder().setModel(newest));
    }

    private ModelSlice slice(UpdateSlice from, float[] weights, long version) {
        ByteString values = Values.encode(weights, 0, weights.length, ValueType.FP32);
        return ModelSlice.newBuilder()
                .setProtocol(Protocol.VERSION)
                .setRun(run)
                .setVersion(version)
                .setSlice(from.getSlice())
                .setSliceCount(from.getSliceCount())
                .setFirst(from.getFirst())
                .setCount(from.getCount())
                .setType(ValueType.FP32)
                .setValues(values)
                .setCrc32C(Values.crc32c(values))
                .build();
    }

    private void direct(Directive.Builder directive) {
        Directive sent = directive.setProtocol(Protocol.VERSION).setRun(run).build();
        sender.send(
                RecordSender.record(connection.topics().directives(run), sent.getWorker(), sent));
    }

    @Override
    public void close() {
        follower.close();
        sender.close();
    }
}
