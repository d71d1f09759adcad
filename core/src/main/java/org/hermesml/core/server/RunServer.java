package org.hermesml.core.server;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.hermesml.core.account.Accounting;
import org.hermesml.core.admission.Admission;
import org.hermesml.core.admission.AdmissionBook;
import org.hermesml.core.allocation.AllocationBook;
import org.hermesml.core.allocation.AllocationRule;
import org.hermesml.core.allocation.TrainingBlocks;
import org.hermesml.core.keyed.Deadlines;
import org.hermesml.core.log.LogBook;
import org.hermesml.core.log.Settlements;
import org.hermesml.core.merge.ModelReplay;
import org.hermesml.core.message.RecordAddress;
import org.hermesml.core.message.RunSpec;
import org.hermesml.core.message.Score;
import org.hermesml.core.message.Verdict;
import org.hermesml.core.publish.Publication;
import org.hermesml.core.settings.Settings;
import org.hermesml.core.state.AccountEvent;
import org.hermesml.core.state.NumberedVerdict;
import org.hermesml.core.state.PublishState;
import org.hermesml.core.state.ReceivedReport;
import org.hermesml.core.state.RunEvent;
import org.hermesml.core.state.SliceAddress;
import org.hermesml.core.state.Ticket;
import org.hermesml.core.state.VerdictLogState;
import org.hermesml.core.state.WorkerAccount;

/**
 * All server rules of one run, wired as the job wires them, their states in plain fields. Contains
 * no rule of its own, knows no transport and no clock: every call says what time it is. A call
 * returns when everything that follows from it is worked off, the verdicts read back included.
 *
 * <p>One thread at a time; times are milliseconds above 0 that never go back.
 */
public final class RunServer {
    private final RunSpec spec;
    private final Surroundings surroundings;
    private final Accounting accounting;
    private final Admission admission;
    private final AllocationRule allocation;
    private final ModelReplay replay;
    private final Map<String, WorkerAccount> accounts = new HashMap<>();
    private final Deadlines silences = new Deadlines();

    /** Written and not yet read back, in log order. */
    private final Deque<Verdict> log = new ArrayDeque<>();

    private final AdmissionBook admissionBook = AdmissionBook.empty();
    private final LogBook logBook = new LogBook(VerdictLogState.getDefaultInstance());
    private final AllocationBook allocationBook = AllocationBook.empty();
    private PublishState publishState = PublishState.getDefaultInstance();
    private long admissionWakeMs = Long.MAX_VALUE;
    private int keptBack;
    private long nowMs;

    public RunServer(RunSpec spec, Surroundings surroundings) {
        Settings settings = Settings.of(spec.getSettingsMap());
        this.spec = spec;
        this.surroundings = surroundings;
        this.accounting = new Accounting(spec);
        this.admission = new Admission(spec);
        this.allocation = new AllocationRule(settings, TrainingBlocks.of(spec.getData()));
        this.replay = new ModelReplay(spec, surroundings::values);
    }

    /** A record of the reports; the offset of a hello becomes the incarnation. */
    public void report(ReceivedReport received, long nowMs) {
        this.nowMs = nowMs;
        String worker = received.getReport().getWorker();
        accounted(worker, accounting.onReport(account(worker), received, nowMs));
        readBack();
    }

    /** What was found of one slice; where it was good, its values can be had from now on. */
    public void ticket(Ticket ticket, long nowMs) {
        this.nowMs = nowMs;
        decide(event().setTicket(ticket).build());
        readBack();
    }

    public void score(Score score, long nowMs) {
        this.nowMs = nowMs;
        decide(event().setScore(score).build());
        readBack();
    }

    /** A person asks for the end. */
    public void stop(long nowMs) {
        this.nowMs = nowMs;
        decide(event().setStopRequested(true).build());
        readBack();
    }

    /** To be called when {@link #wakeMs} has come; at any other time it changes nothing. */
    public void clock(long nowMs) {
        this.nowMs = nowMs;
        Optional<String> silent = silences.takeDue(nowMs);
        while (silent.isPresent()) {
            String worker = silent.get();
            accounted(worker, accounting.onClock(account(worker), worker, nowMs, 0));
            readBack();
            silent = silences.takeDue(nowMs);
        }
        if (admissionWakeMs <= nowMs) {
            decide(event().setClockTick(true).build());
            readBack();
        }
    }

    /** The next deadline; {@link Long#MAX_VALUE} for none. */
    public long wakeMs() {
        return Math.min(admissionWakeMs, silences.nextMs());
    }

    /**
     * From the next call on, so many of the newest entries of the log stay unread at its end: a
     * real log is read back later than it is written, and the rules decide meanwhile. 0 at first.
     */
    public void keepBack(int entries) {
        keptBack = entries;
    }

    // ---- what stands, for whoever watches

    public AdmissionBook admission() {
        return admissionBook;
    }

    public AllocationBook allocations() {
        return allocationBook;
    }

    public LogBook log() {
        return logBook;
    }

    public WorkerAccount account(String worker) {
        return accounts.getOrDefault(worker, WorkerAccount.getDefaultInstance());
    }

    // ---- wiring

    private void accounted(String worker, Accounting.Outcome outcome) {
        accounts.put(worker, outcome.account());
        silences.set(worker, outcome.wakeMs());
        if (!outcome.refusal().isEmpty()) {
            surroundings.refused(worker, outcome.refusal());
        }
        for (RunEvent event : outcome.events()) {
            allocate(event);
            publish(event);
            decide(event);
        }
    }

    private void allocate(RunEvent event) {
        List<AllocationRule.Assigned> all = allocation.apply(allocationBook, event, nowMs);
        allocationBook.forgetChanges();
        for (AllocationRule.Assigned assigned : all) {
            surroundings.tell(assigned.directive(spec.getRun()));
        }
    }

    private void publish(RunEvent event) {
        Publication.Step step = Publication.apply(publishState, event);
        publishState = step.state();
        step.directives().forEach(surroundings::tell);
        step.end().ifPresent(surroundings::ended);
    }

    private void decide(RunEvent event) {
        Admission.Outcome outcome = admission.apply(admissionBook, event, nowMs);
        admissionBook.forgetChanges();
        admissionWakeMs = outcome.wakeMs();
        log.addAll(outcome.verdicts());
    }

    private void readBack() {
        while (log.size() > keptBack) {
            Verdict verdict = log.remove();
            NumberedVerdict entry = logBook.read(verdict);
            logBook.decided().forgetChanges();
            readBack(entry);
        }
    }

    private void readBack(NumberedVerdict entry) {
        RunEvent event = event().setVerdict(entry).build();
        decide(event);
        publish(event);
        if (entry.getIgnored()) {
            surroundings.logged(entry);
            return;
        }
        boolean newVersion = replay.apply(entry).isPresent();
        surroundings.logged(entry);
        if (newVersion) {
            List<RecordAddress> slices = surroundings.publish(entry.getVersion(), replay.model());
            for (int slice = 0; slice < slices.size(); slice++) {
                publish(
                        event().setSlice(
                                        SliceAddress.newBuilder()
                                                .setRun(spec.getRun())
                                                .setVersion(entry.getVersion())
                                                .setSlice(slice)
                                                .setSliceCount(slices.size())
                                                .setAddress(slices.get(slice)))
                                .build());
            }
        }
        for (AccountEvent settled : Settlements.forAccounts(entry)) {
            String worker = settled.getWorker();
            accounted(worker, accounting.apply(account(worker), settled, nowMs));
        }
    }

    private RunEvent.Builder event() {
        return RunEvent.newBuilder().setRun(spec.getRun());
    }
}
