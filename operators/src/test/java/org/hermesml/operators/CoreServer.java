package org.hermesml.operators;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.hermesml.core.account.Accounting;
import org.hermesml.core.admission.Admission;
import org.hermesml.core.allocation.AllocationRule;
import org.hermesml.core.allocation.TrainingBlocks;
import org.hermesml.core.log.Settlements;
import org.hermesml.core.log.UpdateIds;
import org.hermesml.core.log.VerdictLog;
import org.hermesml.core.merge.ModelReplay;
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
import org.hermesml.core.publish.Publication;
import org.hermesml.core.settings.Settings;
import org.hermesml.core.state.AccountEvent;
import org.hermesml.core.state.AdmissionState;
import org.hermesml.core.state.AllocationState;
import org.hermesml.core.state.NumberedVerdict;
import org.hermesml.core.state.PublishState;
import org.hermesml.core.state.RunEvent;
import org.hermesml.core.state.SliceAddress;
import org.hermesml.core.state.Ticket;
import org.hermesml.core.state.VerdictLogState;
import org.hermesml.core.state.WorkerAccount;
import org.hermesml.core.wire.SliceInspection;
import org.hermesml.core.wire.Slicing;
import org.hermesml.core.wire.Values;

/**
 * The rules of core with their states in plain fields: no Flink anywhere. Deadlines of silence are
 * not kept here.
 */
final class CoreServer implements Server {
    private final RunSpec spec;
    private final Slicing slicing;
    private final Accounting accounting;
    private final Admission admission;
    private final AllocationRule allocation;
    private final Map<String, WorkerAccount> accounts = new HashMap<>();
    private final ModelReplay replay;
    private final Map<String, UpdateSlice> waiting = new HashMap<>();
    private final List<Verdict> verdicts = new ArrayList<>();
    private final List<Directive> directives = new ArrayList<>();
    private final List<ModelSlice> models = new ArrayList<>();
    private final List<RunEnd> ends = new ArrayList<>();
    private AdmissionState admissionState = Admission.empty();
    private VerdictLogState logState = VerdictLog.EMPTY;
    private AllocationState allocationState = AllocationState.getDefaultInstance();
    private PublishState publishState = PublishState.getDefaultInstance();
    private long wakeMs = Long.MAX_VALUE;
    private long nextModelOffset;
    private long nowMs;

    CoreServer(RunSpec spec) {
        this.spec = spec;
        Settings settings = Settings.of(spec.getSettingsMap());
        this.slicing = Slicing.of(spec.getParameterCount(), settings);
        this.accounting = new Accounting(spec);
        this.admission = new Admission(spec);
        this.allocation = new AllocationRule(settings, TrainingBlocks.of(spec.getData()));
        this.replay = new ModelReplay(spec, this::values);
    }

    @Override
    public void report(AccountEvent event) {
        WorkerAccount account =
                accounts.getOrDefault(event.getWorker(), WorkerAccount.getDefaultInstance());
        Accounting.Outcome outcome = accounting.apply(account, event, nowMs);
        accounts.put(event.getWorker(), outcome.account());
        outcome.events().forEach(this::accounted);
    }

    @Override
    public void slice(UpdateSlice slice) {
        SliceInspection found = SliceInspection.of(slice);
        if (found.fault().isEmpty()) {
            waiting.put(place(slice.getId(), slice.getSlice()), slice);
        }
        decide(
                Events.of(
                        Ticket.newBuilder()
                                .setRun(slice.getRun())
                                .setId(slice.getId())
                                .setForm(slice.getForm())
                                .setSlice(slice.getSlice())
                                .setSliceCount(slice.getSliceCount())
                                .setShard(slice.getShard())
                                .setFirst(slice.getFirst())
                                .setCount(slice.getCount())
                                .setSquaredNorm(found.squaredNorm())
                                .setRecordBytes(slice.getSerializedSize())
                                .setFault(found.fault())
                                .build()));
    }

    @Override
    public void score(Score score) {
        decide(Events.of(score));
    }

    @Override
    public void timeIs(long timeMs) {
        nowMs = timeMs;
        if (wakeMs <= timeMs) {
            decide(Events.clockTick(spec.getRun()));
        }
    }

    private void accounted(RunEvent event) {
        AllocationRule.Outcome outcome = allocation.apply(allocationState, event);
        allocationState = outcome.state();
        outcome.assigned()
                .forEach(
                        assigned ->
                                directives.add(
                                        Directive.newBuilder()
                                                .setProtocol(1)
                                                .setRun(spec.getRun())
                                                .setWorker(assigned.worker())
                                                .setIncarnation(assigned.incarnation())
                                                .setAllocation(assigned.allocation())
                                                .build()));
        publish(event);
        decide(event);
    }

    private void publish(RunEvent event) {
        Publication.Step step = Publication.apply(publishState, event);
        publishState = step.state();
        directives.addAll(step.directives());
        step.end().ifPresent(ends::add);
    }

    private void decide(RunEvent event) {
        Admission.Outcome outcome = admission.apply(admissionState, event, nowMs);
        admissionState = outcome.state();
        wakeMs = outcome.wakeMs();
        for (Verdict verdict : outcome.verdicts()) {
            verdicts.add(verdict);
            VerdictLog.Step step = VerdictLog.apply(logState, verdict);
            logState = step.state();
            readBack(step.entry());
        }
    }

    private void readBack(NumberedVerdict entry) {
        RunEvent event = Events.of(entry);
        Admission.Outcome outcome = admission.apply(admissionState, event, nowMs);
        admissionState = outcome.state();
        wakeMs = outcome.wakeMs();
        publish(event);
        if (!entry.getIgnored()) {
            apply(entry);
            Settlements.forAccounts(entry).forEach(this::report);
        }
        for (Verdict verdict : outcome.verdicts()) {
            verdicts.add(verdict);
            VerdictLog.Step step = VerdictLog.apply(logState, verdict);
            logState = step.state();
            readBack(step.entry());
        }
    }

    private void apply(NumberedVerdict entry) {
        if (replay.apply(entry.getVerdict()).isPresent()) {
            float[] model = replay.model();
            slicing.slices().forEach(slice -> publishSlice(entry, slice, model));
        }
    }

    private void publishSlice(NumberedVerdict entry, Slicing.Slice slice, float[] model) {
        var values = Values.encode(model, (int) slice.first(), slice.count(), ValueType.FP32);
        models.add(
                ModelSlice.newBuilder()
                        .setProtocol(1)
                        .setRun(spec.getRun())
                        .setVersion(entry.getVersion())
                        .setSlice(slice.slice())
                        .setSliceCount(slicing.sliceCount())
                        .setFirst(slice.first())
                        .setCount(slice.count())
                        .setType(ValueType.FP32)
                        .setValues(values)
                        .setCrc32C(Values.crc32c(values))
                        .build());
        publish(
                Events.of(
                        SliceAddress.newBuilder()
                                .setRun(spec.getRun())
                                .setVersion(entry.getVersion())
                                .setSlice(slice.slice())
                                .setSliceCount(slicing.sliceCount())
                                .setAddress(RecordAddress.newBuilder().setOffset(nextModelOffset++))
                                .build()));
    }

    private float[] values(UpdateId id, int slice) {
        UpdateSlice update = waiting.get(place(id, slice));
        return Values.decode(update.getValues(), update.getType());
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
