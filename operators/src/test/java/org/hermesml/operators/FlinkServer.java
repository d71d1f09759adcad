package org.hermesml.operators;

import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.java.functions.KeySelector;
import org.apache.flink.streaming.util.BroadcastOperatorTestHarness;
import org.apache.flink.streaming.util.ProcessFunctionTestHarnesses;
import org.hermesml.core.message.Directive;
import org.hermesml.core.message.ModelSlice;
import org.hermesml.core.message.RecordAddress;
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
    private final FunctionHost<AccountEvent, RunEvent> account;
    private final FunctionHost<RunEvent, Verdict> admission;
    private final FunctionHost<Verdict, RunEvent> log;
    private final FunctionHost<ShardEvent, ModelSlice> merge;
    private final FunctionHost<RunEvent, Directive> publish;
    private final FunctionHost<RunEvent, Directive> allocation;
    private final List<Verdict> verdicts = new ArrayList<>();
    private final List<Directive> directives = new ArrayList<>();
    private final List<ModelSlice> models = new ArrayList<>();
    private int settledSeen;
    private int shardsSeen;
    private int ticketsSeen;
    private long nextModelOffset;

    FlinkServer(RunSpec spec, boolean restoreAlways) throws Exception {
        KeySelector<RunEvent, String> byRun = RunEvent::getRun;
        HarnessTypes.register();
        sliceCheck =
                ProcessFunctionTestHarnesses.forBroadcastProcessFunction(
                        new SliceCheck(), Runs.DIRECTORY);
        sliceCheck.processBroadcastElement(Fixtures.running(spec), 0);
        account =
                new FunctionHost<>(
                        () -> new LossWindowFunction("hermes.reports"),
                        e -> Keys.worker(e.getRun(), e.getWorker()),
                        restoreAlways,
                        Runs.REFUSED);
        // One life that loses nothing: what a restored life does first is told in its own test.
        admission = new FunctionHost<>(() -> new AdmissionFunction(() -> 0), byRun, restoreAlways);
        log =
                new FunctionHost<>(
                        VerdictLogFunction::new,
                        Verdict::getRun,
                        restoreAlways,
                        VerdictLogFunction.TO_SHARDS,
                        VerdictLogFunction.SETTLED);
        merge =
                new FunctionHost<>(
                        MergeFunction::new,
                        e -> Keys.shard(e.getRun(), e.getShard()),
                        restoreAlways);
        publish =
                new FunctionHost<>(
                        PublishFunction::new, byRun, restoreAlways, PublishFunction.ENDED);
        allocation = new FunctionHost<>(AllocationFunction::new, byRun, restoreAlways);
        for (FunctionHost<?, ?> host : hosts()) {
            host.run(Fixtures.running(spec));
        }
    }

    private List<FunctionHost<?, ?>> hosts() {
        return List.of(account, admission, log, merge, publish, allocation);
    }

    @Override
    public void report(AccountEvent report) throws Exception {
        accounted(account.feed(report));
    }

    @Override
    public void slice(UpdateSlice slice) throws Exception {
        sliceCheck.processElement(
                Fixtures.received(slice), 0);
        for (Object sound : sliceCheck.extractOutputValues()) {
            models(merge.feed((ShardEvent) sound));
        }
        sliceCheck.getOutput().clear();
        var tickets = List.copyOf(sliceCheck.getSideOutput(SliceCheck.TICKETS));
        for (; ticketsSeen < tickets.size(); ticketsSeen++) {
            decided(admission.feed(tickets.get(ticketsSeen).getValue()));
        }
    }

    @Override
    public void score(Score score) throws Exception {
        decided(admission.feed(Events.of(score)));
    }

    @Override
    public void timeIs(long timeMs) throws Exception {
        accounted(account.timeIs(timeMs));
        decided(admission.timeIs(timeMs));
        for (FunctionHost<?, ?> host : List.of(log, merge, publish, allocation)) {
            host.timeIs(timeMs);
        }
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
        List<ShardEvent> toShards = log.side(VerdictLogFunction.TO_SHARDS);
        while (shardsSeen < toShards.size()) {
            models(merge.feed(toShards.get(shardsSeen++)));
        }
        List<AccountEvent> settled = log.side(VerdictLogFunction.SETTLED);
        while (settledSeen < settled.size()) {
            accounted(account.feed(settled.get(settledSeen++)));
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
        for (FunctionHost<?, ?> host : hosts()) {
            host.close();
        }
    }
}
