package org.hermesml.edge;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.hermesml.core.Protocol;
import org.hermesml.core.log.UpdateIds;
import org.hermesml.core.message.Directive;
import org.hermesml.core.message.IterationReport;
import org.hermesml.core.message.ModelSlice;
import org.hermesml.core.message.RecordAddress;
import org.hermesml.core.message.Report;
import org.hermesml.core.message.RunEnd;
import org.hermesml.core.message.RunPhase;
import org.hermesml.core.message.RunRecord;
import org.hermesml.core.message.RunSpec;
import org.hermesml.core.message.UpdateId;
import org.hermesml.core.message.UpdateSlice;
import org.hermesml.core.message.ValueType;
import org.hermesml.core.message.Verdict;
import org.hermesml.core.server.RunServer;
import org.hermesml.core.server.Surroundings;
import org.hermesml.core.settings.Settings;
import org.hermesml.core.state.NumberedVerdict;
import org.hermesml.core.state.ReceivedReport;
import org.hermesml.core.wire.SliceInspection;
import org.hermesml.core.wire.Slicing;
import org.hermesml.core.wire.Values;
import org.hermesml.edge.kafka.Connection;
import org.hermesml.edge.kafka.RecordFetcher;
import org.hermesml.edge.kafka.RecordSender;
import org.hermesml.edge.kafka.TopicFollower;

/**
 * The real rules of the server, fed from a real broker, for one run. Where {@link PlayedJob} says
 * what a test wants, this decides as the job does.
 */
final class RuledJob implements Surroundings, AutoCloseable {
    final List<Report> reports = new ArrayList<>();
    final List<Directive> directives = new ArrayList<>();
    final List<Verdict> verdicts = new ArrayList<>();
    final List<String> refusals = new ArrayList<>();

    /** Records of each update that arrived, copies included. */
    final Map<UpdateId, Integer> slicesArrived = new HashMap<>();

    private final Connection connection;
    private final String run;
    private final TopicFollower follower;
    private final RecordSender sender;
    private final Map<UpdateId, Map<Integer, float[]>> updates = new HashMap<>();
    private RunSpec spec;
    private Slicing slicing;
    private RunServer server;

    RuledJob(Connection connection, String run) {
        this.connection = connection;
        this.run = run;
        this.follower = new TopicFollower(connection);
        this.sender = new RecordSender(connection.producer());
        follower.addFromBeginning(connection.topics().runs());
        while (server == null) {
            follower.poll(Duration.ofMillis(100)).forEach(this::begin);
        }
        follower.addFromBeginning(connection.topics().updates());
        follower.addFromBeginning(connection.topics().reports());
    }

    private void begin(ConsumerRecord<byte[], byte[]> record) {
        RunRecord read = parse(() -> RunRecord.parseFrom(record.value()));
        if (read.getRun().equals(run)) {
            spec = read.getSpec();
            slicing = Slicing.of(spec.getParameterCount(), Settings.of(spec.getSettingsMap()));
            server = new RunServer(spec, this);
        }
    }

    void playUntil(BooleanSupplier done) {
        long deadline = System.nanoTime() + Duration.ofMinutes(3).toNanos();
        while (!done.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("It does not get on; " + refusals + "; " + reports);
            }
            follower.poll(Duration.ofMillis(50)).forEach(this::take);
            server.clock(System.currentTimeMillis());
        }
    }

    /** All that has arrived by now. */
    void playToEnd() {
        follower.readToEnd(this::take);
    }

    RunServer server() {
        return server;
    }

    /** A person asks for the end; returns when everybody has been told. */
    void stop() {
        server.stop(System.currentTimeMillis());
    }

    private void take(ConsumerRecord<byte[], byte[]> record) {
        if (record.topic().equals(connection.topics().updates())) {
            UpdateSlice slice = parse(() -> UpdateSlice.parseFrom(record.value()));
            if (slice.getRun().equals(run)) {
                slice(slice, RecordFetcher.bytes(record));
            }
        } else if (record.topic().equals(connection.topics().reports())) {
            Report report = parse(() -> Report.parseFrom(record.value()));
            if (report.getRun().equals(run)) {
                reports.add(report);
                server.report(
                        ReceivedReport.newBuilder()
                                .setReport(report)
                                .setAddress(RecordAddress.newBuilder().setOffset(record.offset()))
                                .build(),
                        System.currentTimeMillis());
            }
        }
    }

    private void slice(UpdateSlice slice, long bytes) {
        slicesArrived.merge(slice.getId(), 1, Integer::sum);
        updates.computeIfAbsent(slice.getId(), i -> new HashMap<>())
                .put(slice.getSlice(), Values.decode(slice.getValues(), slice.getType()));
        server.ticket(SliceInspection.of(slice).ticket(slice, bytes), System.currentTimeMillis());
    }

    // ---- what the rules say

    @Override
    public float[] values(UpdateId id, int slice) {
        return updates.get(id).get(slice);
    }

    @Override
    public List<RecordAddress> publish(long version, float[] weights) {
        return sender.send(
                slicing.sliceCount(),
                i ->
                        RecordSender.record(
                                connection.topics().models(run),
                                "" + i,
                                slice(slicing.slices().get(i), version, weights)));
    }

    private ModelSlice slice(Slicing.Slice cut, long version, float[] weights) {
        ByteString values = Values.encode(weights, (int) cut.first(), cut.count(), ValueType.FP32);
        return ModelSlice.newBuilder()
                .setProtocol(Protocol.VERSION)
                .setRun(run)
                .setVersion(version)
                .setSlice(cut.slice())
                .setSliceCount(slicing.sliceCount())
                .setFirst(cut.first())
                .setCount(cut.count())
                .setType(ValueType.FP32)
                .setValues(values)
                .setCrc32C(Values.crc32c(values))
                .build();
    }

    @Override
    public void logged(NumberedVerdict entry) {
        verdicts.add(entry.getVerdict());
    }

    @Override
    public void tell(Directive directive) {
        directives.add(directive);
        sender.send(
                RecordSender.record(
                        connection.topics().directives(run), directive.getWorker(), directive));
    }

    @Override
    public void refused(String worker, String reason) {
        refusals.add(worker + ": " + reason);
    }

    @Override
    public void ended(RunEnd end) {
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

    // ---- what came of it

    /** Iterations of one life, in order, each once. */
    List<IterationReport> iterations(long incarnation) {
        Map<Long, IterationReport> byClock = new TreeMap<>();
        for (Report report : reports) {
            if (report.hasIteration() && report.getIncarnation() == incarnation) {
                byClock.putIfAbsent(report.getIteration().getClock(), report.getIteration());
            }
        }
        return List.copyOf(byClock.values());
    }

    long incarnation(String worker) {
        return server.account(worker).getIncarnation();
    }

    /** Updates of workers that the log took, and how often. */
    Map<UpdateId, Integer> taken() {
        Map<UpdateId, Integer> taken = new HashMap<>();
        for (Verdict verdict : verdicts) {
            if (verdict.hasAdmitted() || verdict.hasHeld()) {
                UpdateIds.of(verdict)
                        .filter(id -> !UpdateIds.isInitial(id))
                        .ifPresent(id -> taken.merge(id, 1, Integer::sum));
            }
        }
        return taken;
    }

    private interface Parsing<T> {
        T get() throws InvalidProtocolBufferException;
    }

    private static <T> T parse(Parsing<T> parsing) {
        try {
            return parsing.get();
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        follower.close();
        sender.close();
    }
}
