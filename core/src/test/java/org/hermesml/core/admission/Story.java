package org.hermesml.core.admission;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.hermesml.core.log.UpdateIds;
import org.hermesml.core.log.VerdictLog;
import org.hermesml.core.message.Released;
import org.hermesml.core.message.RoundClosed;
import org.hermesml.core.message.RunEnd;
import org.hermesml.core.message.RunSpec;
import org.hermesml.core.message.Score;
import org.hermesml.core.message.UpdateForm;
import org.hermesml.core.message.UpdateId;
import org.hermesml.core.message.Verdict;
import org.hermesml.core.method.Methods;
import org.hermesml.core.settings.Settings;
import org.hermesml.core.state.AccountedReport;
import org.hermesml.core.state.AdmissionState;
import org.hermesml.core.state.Membership;
import org.hermesml.core.state.MembershipChange;
import org.hermesml.core.state.NumberedVerdict;
import org.hermesml.core.state.RunEvent;
import org.hermesml.core.state.Ticket;
import org.hermesml.core.state.VerdictLogState;
import org.hermesml.core.wire.Slicing;

/**
 * One run told event by event: the admission rule, and the log that it writes. By default what it
 * writes is read back at once; {@link #holdBack} keeps it until {@link #readBack}.
 */
final class Story {
    static final String RUN = "run-1";
    static final int PARAMETERS = 10;

    final RunSpec spec;
    final UpdateForm form;
    final List<Verdict> log = new ArrayList<>();
    final List<Admission.Forgotten> forgotten = new ArrayList<>();
    AdmissionState state = AdmissionState.getDefaultInstance();
    private final WrittenThrough host = new WrittenThrough(state);
    long nowMs = 1_000;
    long wakeMs = Long.MAX_VALUE;

    private final Admission admission;
    private final Slicing slicing;
    private VerdictLogState read = VerdictLog.EMPTY;
    private int readCount;
    private boolean heldBack;

    Story(String... settings) {
        this.spec = spec(settings);
        Settings values = Settings.of(spec.getSettingsMap());
        this.slicing = Slicing.of(PARAMETERS, values);
        this.form = Methods.of(values).updateForm();
        this.admission = new Admission(spec);
    }

    /**
     * No defence, and two shards of one slice each, unless the settings, key before value, say
     * otherwise.
     */
    static RunSpec spec(String... settings) {
        Map<String, String> all =
                new HashMap<>(
                        Map.of(
                                "shards",
                                "2",
                                "slice_parameters",
                                "16",
                                "target_accuracy",
                                "1.1",
                                "tail_average",
                                "0",
                                "merge",
                                "average",
                                "staleness_exponent",
                                "0",
                                // Of itself nobody here measures updates.
                                "defence",
                                "false"));
        for (int i = 0; i < settings.length; i += 2) {
            all.put(settings[i], settings[i + 1]);
        }
        return RunSpec.newBuilder()
                .setRun(RUN)
                .setParameterCount(PARAMETERS)
                .putAllSettings(Settings.of(all).toMap())
                .build();
    }

    /** A story whose workers have joined and whose version 0 stands. */
    static Story begun(List<String> workers, String... settings) {
        Story story = new Story(settings);
        workers.forEach(worker -> story.joins(worker, 1));
        story.initialModel();
        return story;
    }

    // ---- what comes in

    void joins(String worker, long incarnation) {
        changes(worker, incarnation, MembershipChange.JOINED, 0);
    }

    void leaves(String worker, long incarnation) {
        changes(worker, incarnation, MembershipChange.LEFT, 0);
    }

    void diverges(String worker, long incarnation) {
        diverges(worker, incarnation, "The loss of " + worker + " became NaN.");
    }

    void diverges(String worker, long incarnation, String reason) {
        Membership.Builder left =
                StoryEvents.membership(worker, incarnation, MembershipChange.LEFT)
                        .setReason(reason)
                        .setDiverged(true);
        take(StoryEvents.event().setMembership(left).build());
    }

    void isSilent(String worker, long incarnation, long silentMs) {
        changes(worker, incarnation, MembershipChange.SILENT, silentMs);
    }

    void changes(String worker, long incarnation, MembershipChange change, long silentMs) {
        Membership.Builder changed =
                StoryEvents.membership(worker, incarnation, change).setSilentMs(silentMs);
        take(StoryEvents.event().setMembership(changed).build());
    }

    void initialModel() {
        for (int slice = 0; slice < slicing.sliceCount(); slice++) {
            ticket(UpdateIds.INITIAL, slice);
        }
    }

    void ticket(UpdateId id, int slice) {
        take(StoryEvents.event().setTicket(goodTicket(id, slice)).build());
    }

    void ticket(Ticket.Builder ticket) {
        take(StoryEvents.event().setTicket(ticket).build());
    }

    Ticket.Builder goodTicket(UpdateId id, int slice) {
        Slicing.Slice cut = slicing.slices().get(slice);
        return Ticket.newBuilder()
                .setRun(RUN)
                .setId(id)
                .setForm(UpdateIds.isInitial(id) ? UpdateForm.WEIGHTS : form)
                .setSlice(slice)
                .setSliceCount(slicing.sliceCount())
                .setShard(cut.shard())
                .setFirst(cut.first())
                .setCount(cut.count())
                .setSquaredNorm(1)
                .setRecordBytes(100);
    }

    private void slices(UpdateId id) {
        for (int slice = 0; slice < slicing.sliceCount(); slice++) {
            ticket(id, slice);
        }
    }

    void report(UpdateId id, double loss) {
        report(id, loss, "");
    }

    void report(UpdateId id, double loss, String fault) {
        take(StoryEvents.event().setReport(StoryEvents.pushing(id, loss).setFault(fault)).build());
    }

    /** All slices and the report of one update, made from {@code base} in {@code seconds}. */
    UpdateId pushes(String worker, long incarnation, long sequence, long base, double seconds) {
        UpdateId id = UpdateIds.of(worker, incarnation, sequence);
        slices(id);
        AccountedReport.Builder report = StoryEvents.pushing(id, Double.NaN);
        report.getIterationBuilder().setBaseVersion(base).setSeconds(seconds);
        take(StoryEvents.event().setReport(report).build());
        return id;
    }

    void asks(String worker, long incarnation, long clock, boolean wants) {
        take(StoryEvents.question(UpdateIds.of(worker, incarnation, clock), wants));
    }

    /** An iteration that does not push. */
    void iterates(String worker, long incarnation, long clock) {
        AccountedReport.Builder report =
                StoryEvents.pushing(UpdateIds.of(worker, incarnation, clock), 1);
        report.getIterationBuilder().setPush(false);
        take(StoryEvents.event().setReport(report).build());
    }

    /** An iteration over {@code samples}, with a held-out loss of 0.5. */
    void trains(String worker, long incarnation, long clock, long base, int samples, boolean push) {
        trains(worker, incarnation, clock, base, samples, 0, 0.5, push);
    }

    void trains(
            String worker,
            long incarnation,
            long clock,
            long base,
            int samples,
            double seconds,
            double loss,
            boolean push) {
        UpdateId id = UpdateIds.of(worker, incarnation, clock);
        if (push) {
            slices(id);
        }
        AccountedReport.Builder report = StoryEvents.pushing(id, loss);
        report.getIterationBuilder()
                .setBaseVersion(base)
                .setSamples(samples)
                .setSeconds(seconds)
                .setEpochs(1)
                .setPush(push);
        take(StoryEvents.event().setReport(report).build());
    }

    /** All slices and the report of one update. */
    UpdateId pushes(String worker, long incarnation, long sequence, double loss) {
        UpdateId id = UpdateIds.of(worker, incarnation, sequence);
        slices(id);
        report(id, loss);
        return id;
    }

    void score(long version, double loss, double accuracy) {
        take(
                StoryEvents.event()
                        .setScore(StoryEvents.versionScore(version, loss, accuracy))
                        .build());
    }

    void score(UpdateId id, double loss) {
        take(
                StoryEvents.event()
                        .setScore(Score.newBuilder().setRun(RUN).setUpdate(id).setLoss(loss))
                        .build());
    }

    void isAskedToStop() {
        take(StoryEvents.event().setStopRequested(true).build());
    }

    void resumes(long life) {
        take(StoryEvents.event().setResumed(life).build());
    }

    /** Time passes; the rule is woken when it asked to be. */
    void waits(long ms) {
        nowMs += ms;
        if (wakeMs <= nowMs) {
            take(StoryEvents.event().setClockTick(true).build());
        }
    }

    // ---- the log

    void holdBack() {
        heldBack = true;
    }

    void readBack() {
        heldBack = false;
        readAll();
    }

    /** Somebody else, for instance this server before a crash, has written this. */
    void logHas(Verdict.Builder verdict) {
        log.add(verdict.setRun(RUN).build());
    }

    private void readAll() {
        while (!heldBack && readCount < log.size()) {
            VerdictLog.Step step = VerdictLog.apply(read, log.get(readCount++));
            read = step.state();
            take(StoryEvents.event().setVerdict(step.entry()).build());
        }
    }

    void take(RunEvent event) {
        Admission.Outcome outcome = host.apply(admission, event, nowMs);
        state = host.state();
        wakeMs = outcome.wakeMs();
        log.addAll(outcome.verdicts());
        forgotten.addAll(outcome.forgotten());
        readAll();
    }

    // ---- what came of it

    /** The entries that count, in log order. */
    static List<NumberedVerdict> counting(List<Verdict> log) {
        List<NumberedVerdict> entries = new ArrayList<>();
        VerdictLogState at = VerdictLog.EMPTY;
        for (Verdict verdict : log) {
            VerdictLog.Step step = VerdictLog.apply(at, verdict);
            at = step.state();
            if (!step.entry().getIgnored()) {
                entries.add(step.entry());
            }
        }
        return entries;
    }

    Verdict last() {
        return log.get(log.size() - 1);
    }

    List<String> expelled() {
        return new AdmissionBook(state).trust().expelled();
    }

    long version() {
        return VerdictLog.version(state.getLog());
    }

    List<RoundClosed> rounds() {
        return counting(log).stream()
                .map(NumberedVerdict::getVerdict)
                .filter(Verdict::hasRoundClosed)
                .map(Verdict::getRoundClosed)
                .toList();
    }

    List<Released> releases() {
        return counting(log).stream()
                .map(NumberedVerdict::getVerdict)
                .filter(Verdict::hasReleased)
                .map(Verdict::getReleased)
                .toList();
    }

    List<RunEnd> ends() {
        return log.stream().filter(Verdict::hasEnd).map(Verdict::getEnd).toList();
    }

    List<String> refusals() {
        return log.stream()
                .filter(Verdict::hasRefused)
                .map(verdict -> verdict.getRefused().getReason())
                .toList();
    }
}
