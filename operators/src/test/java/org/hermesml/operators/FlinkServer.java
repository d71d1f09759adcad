package org.hermesml.operators;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.BroadcastOperatorTestHarness;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.apache.flink.streaming.util.ProcessFunctionTestHarnesses;
import org.apache.flink.util.OutputTag;
import org.hermesml.core.message.Directive;
import org.hermesml.core.message.ModelSlice;
import org.hermesml.core.message.RecordAddress;
import org.hermesml.core.message.RefusedRecord;
import org.hermesml.core.message.RunEnd;
import org.hermesml.core.message.RunRecord;
import org.hermesml.core.message.RunSpec;
import org.hermesml.core.message.Score;
import org.hermesml.core.message.UpdateSlice;
import org.hermesml.core.message.Verdict;
import org.hermesml.core.state.AccountEvent;
import org.hermesml.core.state.ReceivedRecord;
import org.hermesml.core.state.RunEvent;
import org.hermesml.core.state.ShardEvent;
import org.hermesml.core.state.SliceAddress;

/** All Flink functions of the job, wired as the job wires them, in harnesses on RocksDB. */
final class FlinkServer implements Server {
    private final BroadcastOperatorTestHarness<ReceivedRecord, RunRecord, ShardEvent> sliceCheck;
    private final FunctionHost<ReceivedRecord, ShardEvent> waiting;
    private final FunctionHost<AccountEvent, RunEvent> account;
    private final FunctionHost<RunEvent, Verdict> admission;
    private final FunctionHost<Verdict, RunEvent> log;
    private final FunctionHost<ShardEvent, ModelSlice> merge;
    private final FunctionHost<RunEvent, Directive> publish;
    private final FunctionHost<RunEvent, Directive> allocation;
    private final List<Verdict> verdicts = new ArrayList<>();
    private final List<Directive> directives = new ArrayList<>();
    private final List<ModelSlice> models = new ArrayList<>();
    private final List<RefusedRecord> refused = new ArrayList<>();
    private final Map<Class<?>, OneInputStreamOperatorTestHarness<ReceivedRecord, ?>> listening =
            new HashMap<>();
    private boolean hasWaited;
    private long nowMs;
    private long nextModelOffset;

    FlinkServer(RunSpec spec, boolean restoreAlways) throws Exception {
        // One life that loses nothing: what a restored life does first is told in its own test.
        this(spec, 0, restoreAlways);
    }

    FlinkServer(RunSpec spec, long life) throws Exception {
        this(spec, life, false);
    }

    private FlinkServer(RunSpec spec, long life, boolean restoreAlways) throws Exception {
        HarnessTypes.register();
        sliceCheck =
                ProcessFunctionTestHarnesses.forBroadcastProcessFunction(
                        new SliceCheck(), Runs.DIRECTORY);
        sliceCheck.processBroadcastElement(Fixtures.running(spec), 0);
        account = Hosts.account(restoreAlways);
        admission = Hosts.admission(() -> life, restoreAlways);
        waiting = Hosts.waiting(restoreAlways);
        log = Hosts.log(restoreAlways);
        merge = Hosts.merge(restoreAlways);
        publish = Hosts.publish(restoreAlways);
        allocation = Hosts.allocation(restoreAlways);
        for (FunctionHost<?, ?> host : hosts()) {
            host.run(Fixtures.running(spec));
        }
    }

    private List<FunctionHost<?, ?>> hosts() {
        return List.of(waiting, account, admission, log, merge, publish, allocation);
    }

    @Override
    public void report(AccountEvent report) throws Exception {
        accounted(account.feed(report));
    }

    @Override
    public void slice(UpdateSlice slice) throws Exception {
        slice(Fixtures.received(slice));
    }

    private void slice(ReceivedRecord record) throws Exception {
        sliceCheck.processElement(record, 0);
        List<ShardEvent> sound = new ArrayList<>(sliceCheck.extractOutputValues());
        sliceCheck.getOutput().clear();
        for (RunEvent ticket : taken(SliceCheck.TICKETS)) {
            decided(admission.feed(ticket));
        }
        refused.addAll(taken(Runs.REFUSED));
        for (ReceivedRecord unknown : taken(SliceCheck.UNKNOWN)) {
            // Opened for them alone: a test that restores always would restore it for nothing.
            hasWaited = true;
            waiting.timeIs(nowMs);
            sound.addAll(waiting.feed(unknown));
        }
        merged(sound);
        forgotten();
    }

    private <T> List<T> taken(OutputTag<T> tag) {
        return taken(sliceCheck.getSideOutput(tag));
    }

    /**
     * @param queue null where nothing ever went there
     */
    private static <T> List<T> taken(Queue<StreamRecord<T>> queue) {
        List<T> taken = new ArrayList<>();
        while (queue != null && !queue.isEmpty()) {
            taken.add(queue.remove().getValue());
        }
        return taken;
    }

    private void merged(List<ShardEvent> sound) throws Exception {
        for (ShardEvent event : sound) {
            models(merge.feed(event));
        }
    }

    /** What waited for its run goes on, and shards hear of what no verdict will name. */
    private void forgotten() throws Exception {
        RunEvent ticket;
        while ((ticket = waiting.poll(SliceCheck.TICKETS)) != null) {
            decided(admission.feed(ticket));
        }
        ShardEvent gone;
        while ((gone = admission.poll(AdmissionFunction.FORGOTTEN)) != null) {
            models(merge.feed(gone));
        }
    }

    /** A record of a topic, as the job would read it, whatever is in it. */
    void record(String topic, String key, ByteString value, long offset) throws Exception {
        ReceivedRecord record =
                ReceivedRecord.newBuilder()
                        .setTopic(topic)
                        .setAddress(RecordAddress.newBuilder().setOffset(offset))
                        .setKey(ByteString.copyFromUtf8(key))
                        .setValue(value)
                        .build();
        switch (topic) {
            case "runs" -> {
                for (RunRecord run : listened(Readers::run, RunRecord.class, record)) {
                    sliceCheck.processBroadcastElement(run, 0);
                    forget(run);
                }
            }
            case "reports" -> {
                for (AccountEvent report : listened(Readers::report, AccountEvent.class, record)) {
                    report(report);
                }
            }
            case "updates" -> slice(record);
            case "scores" -> {
                for (RunEvent score : listened(Readers::score, RunEvent.class, record)) {
                    decided(admission.feed(score));
                }
            }
            default -> {
                for (Verdict verdict : listened(Readers::verdict, Verdict.class, record)) {
                    decided(List.of(verdict));
                }
            }
        }
        forgotten();
    }

    private <T> List<T> listened(
            ListenFunction.Reader<T> reader, Class<T> type, ReceivedRecord record)
            throws Exception {
        @SuppressWarnings("unchecked")
        OneInputStreamOperatorTestHarness<ReceivedRecord, T> listen =
                (OneInputStreamOperatorTestHarness<ReceivedRecord, T>)
                        listening.computeIfAbsent(type, t -> opened(reader));
        listen.processElement(record, 0);
        List<T> read = new ArrayList<>(listen.extractOutputValues());
        listen.getOutput().clear();
        refused.addAll(taken(listen.getSideOutput(Runs.REFUSED)));
        return read;
    }

    private static <T> OneInputStreamOperatorTestHarness<ReceivedRecord, T> opened(
            ListenFunction.Reader<T> reader) {
        try {
            return ProcessFunctionTestHarnesses.forProcessFunction(new ListenFunction<>(reader));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** All that any function refused. */
    List<RefusedRecord> refused() {
        List<RefusedRecord> all = new ArrayList<>(refused);
        hosts().forEach(host -> all.addAll(host.side(Runs.REFUSED)));
        return all;
    }

    @Override
    public void score(Score score) throws Exception {
        decided(admission.feed(Events.of(score)));
    }

    @Override
    public void timeIs(long timeMs) throws Exception {
        accounted(account.timeIs(timeMs));
        decided(admission.timeIs(timeMs));
        nowMs = timeMs;
        if (hasWaited) {
            merged(waiting.timeIs(timeMs));
        }
        models(merge.timeIs(timeMs));
        directives.addAll(publish.timeIs(timeMs));
        directives.addAll(allocation.timeIs(timeMs));
        for (RunEvent entry : log.timeIs(timeMs)) {
            decided(admission.feed(entry));
        }
        forgotten();
    }

    /** Ends the run for all functions, as the record that the job writes to the runs topic does. */
    void forget(RunRecord ended) throws Exception {
        for (FunctionHost<?, ?> host : hosts()) {
            host.run(ended);
        }
    }

    int keyedEntries() {
        return hosts().stream().mapToInt(FunctionHost::keyedEntries).sum();
    }

    private void accounted(List<RunEvent> events) throws Exception {
        for (RunEvent event : events) {
            directives.addAll(allocation.feed(event));
            directives.addAll(publish.feed(event));
            decided(admission.feed(event));
        }
    }

    private void decided(List<Verdict> decisions) throws Exception {
        for (Verdict verdict : decisions) {
            verdicts.add(verdict);
            for (RunEvent entry : log.feed(verdict)) {
                List<Verdict> more = admission.feed(entry);
                directives.addAll(publish.feed(entry));
                applied();
                decided(more);
            }
        }
    }

    private void applied() throws Exception {
        ShardEvent toShard;
        while ((toShard = log.poll(VerdictLogFunction.TO_SHARDS)) != null) {
            models(merge.feed(toShard));
        }
        AccountEvent settled;
        while ((settled = log.poll(VerdictLogFunction.SETTLED)) != null) {
            accounted(account.feed(settled));
        }
    }

    private void models(List<ModelSlice> slices) throws Exception {
        for (ModelSlice slice : slices) {
            models.add(slice);
            directives.addAll(
                    publish.feed(
                            Events.of(
                                    SliceAddress.newBuilder()
                                            .setRun(slice.getRun())
                                            .setVersion(slice.getVersion())
                                            .setSlice(slice.getSlice())
                                            .setSliceCount(slice.getSliceCount())
                                            .setAddress(
                                                    RecordAddress.newBuilder()
                                                            .setOffset(nextModelOffset++))
                                            .build())));
        }
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
        return publish.side(PublishFunction.ENDED).stream().map(RunRecord::getEnd).toList();
    }

    @Override
    public void close() throws Exception {
        sliceCheck.close();
        for (OneInputStreamOperatorTestHarness<?, ?> listen : listening.values()) {
            listen.close();
        }
        for (FunctionHost<?, ?> host : hosts()) {
            host.close();
        }
    }
}
