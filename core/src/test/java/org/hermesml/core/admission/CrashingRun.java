package org.hermesml.core.admission;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.hermesml.core.log.UpdateIds;
import org.hermesml.core.log.VerdictLog;
import org.hermesml.core.message.Released;
import org.hermesml.core.message.UpdateId;
import org.hermesml.core.message.Verdict;
import org.hermesml.core.method.Methods;
import org.hermesml.core.settings.Settings;
import org.hermesml.core.state.AccountedReport;
import org.hermesml.core.state.AdmissionState;
import org.hermesml.core.state.MembershipChange;
import org.hermesml.core.state.RunEvent;
import org.hermesml.core.state.VerdictLogState;

/**
 * Workers, an evaluator, topics, and a server that crashes. Every topic keeps its own order; in
 * which order the server reads from different topics is drawn anew each time. All from one seed.
 */
final class CrashingRun {
    private static final int MOST_STEPS = 20_000;
    private static final String TICKETS = "tickets/";
    private static final String REPORTS = "reports/";
    private static final String SCORES = "scores";
    private static final String VERDICTS = "verdicts";

    /** What a checkpoint holds: the state and how far each topic was read. */
    private record Checkpoint(AdmissionState state, Map<String, Integer> offsets) {}

    private final Story cut;
    private final Admission admission;
    private final boolean scoresUpdates;
    private final boolean asks;
    private final List<String> workers;
    private final int pushes;
    private final SplittableRandom random;

    private final Map<String, List<RunEvent>> topics = new TreeMap<>();
    private final List<Verdict> log = new ArrayList<>();
    private final Map<String, UpdateId> waiting = new TreeMap<>();
    private final Map<String, UpdateId> asking = new TreeMap<>();
    private final Map<String, Long> waits = new TreeMap<>();
    private final Map<String, Released> answers = new TreeMap<>();
    private final Map<String, Integer> pushed = new TreeMap<>();
    private final List<Checkpoint> checkpoints = new ArrayList<>();
    private VerdictLogState outside = VerdictLog.EMPTY;
    private VerdictLogState read = VerdictLog.EMPTY;
    private AdmissionState state = AdmissionState.getDefaultInstance();
    private WrittenThrough host = new WrittenThrough(state);
    private Map<String, Integer> offsets = new HashMap<>();
    private long nowMs = 1_000;
    private long life;
    private long scored = -1;
    private boolean resumed;
    private long wakeMs = Long.MAX_VALUE;
    private int crashesLeft = 4;

    CrashingRun(String method, List<String> workers, int pushes, long seed) {
        this.cut =
                new Story(
                        "method",
                        method.split(" ")[0],
                        "merge",
                        method.contains(" rounds") ? "round" : "average",
                        "defence",
                        "" + method.endsWith(" defended"),
                        "min_workers",
                        "" + workers.size(),
                        "max_time",
                        "7d",
                        "staleness_bound",
                        "1",
                        "buffer_size",
                        "2",
                        "delay_limit",
                        "1000000");
        this.admission = new Admission(cut.spec);
        // With a defence these scores bear out what workers report.
        this.scoresUpdates =
                Methods.of(Settings.of(cut.spec.getSettingsMap())).scoresUpdates()
                        || method.endsWith(" defended");
        this.asks = Methods.of(Settings.of(cut.spec.getSettingsMap())).pushRule().asksServer();
        this.workers = workers;
        this.pushes = pushes;
        this.random = new SplittableRandom(seed);
        topics.put(SCORES, new ArrayList<>());
        write(UpdateIds.INITIAL);
        for (String worker : workers) {
            changes(worker, MembershipChange.JOINED);
            pushed.put(worker, 0);
        }
    }

    List<Verdict> log() {
        return log;
    }

    /** Whether every push of every worker got its verdict. */
    boolean toItsEnd() {
        checkpoints.add(new Checkpoint(state, Map.copyOf(offsets)));
        for (int step = 0; step < MOST_STEPS; step++) {
            nowMs++;
            world();
            int draw = random.nextInt(100);
            if (draw < 3 && crashesLeft > 0 && outside.getEntries() > 0) {
                crash();
            } else if (draw < 10) {
                checkpoints.add(new Checkpoint(state, Map.copyOf(offsets)));
            } else {
                serve();
            }
            if (waiting.isEmpty()
                    && asking.isEmpty()
                    && pushed.values().stream().allMatch(n -> n == pushes)) {
                return true;
            }
        }
        return false;
    }

    /** Workers that have their verdict push again; a version that has come up is scored. */
    private void world() {
        for (String worker : workers) {
            UpdateId id = waiting.get(worker);
            UpdateId question = asking.get(worker);
            if (question != null && isAnswered(question)) {
                asking.remove(worker);
                if (answers.get(worker).getPush()) {
                    push(question);
                } else {
                    leaveWhenDone(worker);
                }
            }
            if (id != null && isSettled(id)) {
                waiting.remove(worker);
                leaveWhenDone(worker);
            }
            boolean begun = outside.getVersionPlusOne() > 0;
            if (begun
                    && !waiting.containsKey(worker)
                    && !asking.containsKey(worker)
                    && pushed.get(worker) < pushes
                    && random.nextInt(8) == 0) {
                UpdateId next = UpdateIds.of(worker, 1, pushed.merge(worker, 1, Integer::sum));
                if (asks) {
                    topic(REPORTS + worker).add(StoryEvents.question(next, random.nextBoolean()));
                    asking.put(worker, next);
                } else {
                    push(next);
                }
            }
        }
        long newest = VerdictLog.version(outside);
        if (newest > scored && random.nextInt(4) == 0) {
            topic(SCORES)
                    .add(
                            StoryEvents.event()
                                    .setScore(StoryEvents.versionScore(newest, loss(), 0))
                                    .build());
            scored = newest;
        }
    }

    private void leaveWhenDone(String worker) {
        if (pushed.get(worker) == pushes) {
            changes(worker, MembershipChange.LEFT);
        }
    }

    private void push(UpdateId id) {
        write(id);
        double loss = loss();
        AccountedReport.Builder report = StoryEvents.pushing(id, loss);
        report.getIterationBuilder().setSamples(workOf(id)).setEpochs(1).setSeconds(1);
        topic(REPORTS + id.getWorker()).add(StoryEvents.event().setReport(report).build());
        waiting.put(id.getWorker(), id);
        if (scoresUpdates) {
            topic(SCORES)
                    .add(
                            StoryEvents.event()
                                    .setScore(StoryEvents.versionScore(0, loss, 0).setUpdate(id))
                                    .build());
        }
    }

    /** Samples that go into an update. */
    static int workOf(UpdateId id) {
        return 100 * (int) id.getSequence() + id.getWorker().charAt(0);
    }

    private boolean isAnswered(UpdateId question) {
        Released answer = answers.get(question.getWorker());
        return answer != null
                && answer.getWorkersOrThrow(question.getWorker()).getClock()
                        == question.getSequence();
    }

    private boolean isSettled(UpdateId id) {
        for (int i = 0; i < outside.getHeldCount(); i++) {
            if (outside.getHeld(i).equals(id)) {
                return VerdictLog.heldIsSettled(outside, i);
            }
        }
        return VerdictLog.isDecided(outside, id)
                && waits.getOrDefault(id.getWorker(), 0L) < id.getSequence();
    }

    /** Workers do as the entries that count tell them, each thing once. */
    private void tell(Verdict verdict) {
        if (verdict.getAdmitted().getWaits()) {
            UpdateId id = verdict.getAdmitted().getId();
            waits.put(id.getWorker(), id.getSequence());
        }
        verdict.getReleased()
                .getWorkersMap()
                .forEach(
                        (worker, at) -> {
                            if (waits.getOrDefault(worker, 0L) <= at.getClock()) {
                                waits.remove(worker);
                            }
                            Released last = answers.get(worker);
                            if (last == null
                                    || last.getWorkersOrThrow(worker).getClock() < at.getClock()) {
                                answers.put(worker, verdict.getReleased());
                            }
                        });
    }

    /** The server reads one record of a topic that has one more. */
    private void serve() {
        if (!resumed) {
            resumed = true;
            take(StoryEvents.event().setResumed(++life).build());
            return;
        }
        if (wakeMs <= nowMs) {
            take(StoryEvents.event().setClockTick(true).build());
            return;
        }
        List<String> ready = new ArrayList<>();
        topics.forEach(
                (topic, events) -> {
                    if (offset(topic) < events.size()) {
                        ready.add(topic);
                    }
                });
        if (offset(VERDICTS) < log.size()) {
            ready.add(VERDICTS);
        }
        if (ready.isEmpty()) {
            return;
        }
        String topic = ready.get(random.nextInt(ready.size()));
        int at = offset(topic);
        offsets.put(topic, at + 1);
        if (topic.equals(VERDICTS)) {
            VerdictLog.Step step = VerdictLog.apply(read, log.get(at));
            read = step.state();
            take(StoryEvents.event().setVerdict(step.entry()).build());
        } else {
            take(topics.get(topic).get(at));
        }
    }

    private void take(RunEvent event) {
        Admission.Outcome outcome = host.apply(admission, event, nowMs);
        state = host.state();
        wakeMs = outcome.wakeMs();
        for (Verdict verdict : outcome.verdicts()) {
            log.add(verdict);
            VerdictLog.Step step = VerdictLog.apply(outside, verdict);
            outside = step.state();
            if (!step.entry().getIgnored()) {
                tell(verdict);
            }
        }
    }

    private void crash() {
        crashesLeft--;
        Checkpoint restored = checkpoints.get(random.nextInt(checkpoints.size()));
        checkpoints.removeIf(later -> checkpoints.indexOf(later) > checkpoints.indexOf(restored));
        state = restored.state();
        host = new WrittenThrough(state);
        offsets = new HashMap<>(restored.offsets());
        read = VerdictLog.EMPTY;
        for (int i = 0; i < offset(VERDICTS); i++) {
            read = VerdictLog.apply(read, log.get(i)).state();
        }
        nowMs += 1_000_000;
        resumed = false;
    }

    private void changes(String worker, MembershipChange change) {
        topic(REPORTS + worker)
                .add(
                        StoryEvents.event()
                                .setMembership(StoryEvents.membership(worker, 1, change))
                                .build());
    }

    private void write(UpdateId id) {
        List<RunEvent> topic = topic(TICKETS + id.getWorker());
        topic.add(StoryEvents.event().setTicket(cut.goodTicket(id, 0)).build());
        topic.add(StoryEvents.event().setTicket(cut.goodTicket(id, 1)).build());
    }

    private List<RunEvent> topic(String name) {
        return topics.computeIfAbsent(name, n -> new ArrayList<>());
    }

    private int offset(String topic) {
        return offsets.getOrDefault(topic, 0);
    }

    private double loss() {
        return random.nextDouble(0.1, 2);
    }

    @Override
    public String toString() {
        return "waiting " + waiting.keySet() + ", version " + VerdictLog.version(outside);
    }
}
