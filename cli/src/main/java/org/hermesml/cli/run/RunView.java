package org.hermesml.cli.run;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.hermesml.core.check.RunNews;
import org.hermesml.core.log.LogBook;
import org.hermesml.core.log.VerdictLog;
import org.hermesml.core.message.Directive;
import org.hermesml.core.message.RefusedRecord;
import org.hermesml.core.message.Report;
import org.hermesml.core.message.RunEnd;
import org.hermesml.core.message.RunPhase;
import org.hermesml.core.message.RunRecord;
import org.hermesml.core.message.RunSpec;
import org.hermesml.core.message.Score;
import org.hermesml.core.message.UpdateId;
import org.hermesml.core.message.Verdict;
import org.hermesml.core.state.NumberedVerdict;

/**
 * Folds the records of one run into what people see of it. Reads no clock and no topic: the same
 * records in the same order give the same view. Not safe for use by several threads.
 */
public final class RunView {
    private record Version(
            long timeMs,
            long version,
            String worker,
            double weight,
            long bytesUp,
            long bytesDown) {}

    private final String run;
    private final Map<String, WorkerFold> workers = new TreeMap<>(NaturalOrder.INSTANCE);

    /** Workers whose updates wait in the open round, in log order. */
    private final List<String> inRound = new ArrayList<>();

    private final List<Version> versions = new ArrayList<>();
    private final TreeMap<Long, Score> scores = new TreeMap<>();
    private final BadRecords badRecords = new BadRecords();
    private final List<String> events = new ArrayList<>();
    private final SortedSet<String> expelled = new TreeSet<>(NaturalOrder.INSTANCE);
    private RunSpec spec = RunSpec.getDefaultInstance();
    private RunRecord known;
    private final LogBook log = new LogBook(VerdictLog.EMPTY);
    private RunEnd end;
    private long startMs = -1;
    private long endMs = -1;
    private long published = -1;
    private long admitted;
    private long held;
    private boolean finished;
    private long refused;

    public RunView(String run) {
        this.run = run;
    }

    /** Takes in the next record; one of another run is ignored. */
    public void feed(Seen seen) {
        if (seen.message() instanceof Report report) {
            if (report.getRun().equals(run)) {
                report(report, seen);
            }
        } else if (seen.message() instanceof Verdict verdict) {
            if (verdict.getRun().equals(run)) {
                NumberedVerdict entry = log.read(verdict);
                if (!entry.getIgnored()) {
                    verdict(entry, seen.timeMs());
                }
            }
        } else if (seen.message() instanceof Score score) {
            if (score.getRun().equals(run) && score.getSubjectCase() == Score.SubjectCase.VERSION) {
                scores.putIfAbsent(score.getVersion(), score);
            }
        } else if (seen.message() instanceof Directive directive) {
            if (directive.getRun().equals(run)) {
                directive(directive);
            }
        } else if (seen.message() instanceof RunRecord record) {
            if (record.getRun().equals(run)) {
                record(record, seen.timeMs());
            }
        } else if (seen.message() instanceof RefusedRecord r) {
            boolean here = r.getRun().equals(run) || r.getRun().isEmpty();
            if (here && badRecords.take(r)) {
                tell(
                        (r.getWorker().isEmpty() ? "a record" : "a record of " + r.getWorker())
                                + " was refused: "
                                + r.getReason());
            }
        } else {
            throw new IllegalArgumentException("No record of a run: " + seen.message().getClass());
        }
    }

    /** Workers that take no further part since they were found lying, in natural order. */
    public List<String> expelled() {
        return List.copyOf(expelled);
    }

    /** Whether the run goes on and nobody is there to train. */
    boolean waitsForWorkers(long nowMs) {
        return end == null
                && workers(nowMs).stream()
                        .noneMatch(
                                w ->
                                        w.state() == WorkerView.State.TRAINING
                                                || w.state() == WorkerView.State.JOINING);
    }

    /** Of this run, and those that name none. */
    BadRecords badRecords() {
        return badRecords;
    }

    private void report(Report report, Seen seen) {
        WorkerFold worker = workers.computeIfAbsent(report.getWorker(), WorkerFold::new);
        switch (report.getContentCase()) {
            case HELLO -> {
                if (worker.hello(seen.offset(), seen.timeMs())) {
                    tell(report.getWorker() + " joined");
                }
            }
            case ITERATION ->
                    worker.iteration(report.getIncarnation(), report.getIteration(), seen.timeMs());
            case READY, PROGRESS -> worker.heard(report.getIncarnation(), seen.timeMs());
            case GOODBYE -> {
                if (worker.left(report.getIncarnation())) {
                    tell(report.getWorker() + " left: " + report.getGoodbye().getReason());
                }
            }
            default -> {}
        }
    }

    private void verdict(NumberedVerdict counting, long timeMs) {
        Verdict verdict = counting.getVerdict();
        String worker = "";
        double weight = 1;
        switch (verdict.getDecisionCase()) {
            case ADMITTED -> {
                worker = verdict.getAdmitted().getId().getWorker();
                weight = verdict.getAdmitted().getCoefficient();
                admitted += worker.isEmpty() ? 0 : 1;
            }
            case HELD -> {
                held++;
                inRound.add(verdict.getHeld().getId().getWorker());
            }
            case REFUSED -> {
                refused++;
                UpdateId id = verdict.getRefused().getId();
                if (verdict.getRefused().getExpels()) {
                    expelled.add(id.getWorker());
                }
                tell(
                        "push "
                                + id.getSequence()
                                + " of "
                                + id.getWorker()
                                + " was refused: "
                                + verdict.getRefused().getReason());
            }
            case ROUND_CLOSED -> {
                worker = String.join("+", inRound);
                inRound.clear();
            }
            case END -> ended(verdict.getEnd(), timeMs);
            default -> {}
        }
        if (counting.getNewVersion()) {
            versions.add(
                    new Version(
                            timeMs, counting.getVersion(), worker, weight, bytesUp(), bytesDown()));
        }
    }

    private void directive(Directive directive) {
        switch (directive.getContentCase()) {
            case ALLOCATION ->
                    workers.computeIfAbsent(directive.getWorker(), WorkerFold::new)
                            .allocated(directive.getAllocation());
            case STOP -> finished = true;
            case MODEL -> published = Math.max(published, directive.getModel().getVersion());
            case DISMISSAL -> {
                WorkerFold worker = workers.computeIfAbsent(directive.getWorker(), WorkerFold::new);
                if (worker.left(directive.getIncarnation())) {
                    tell(
                            directive.getWorker()
                                    + " was dismissed: "
                                    + directive.getDismissal().getReason());
                }
            }
            default -> {}
        }
    }

    private void record(RunRecord record, long timeMs) {
        if (RunNews.of(known, record) != RunNews.TAKEN) {
            return;
        }
        if (record.hasSpec()) {
            spec = record.getSpec();
            startMs = spec.getCreatedMs();
        }
        if (record.getPhase() == RunPhase.STOPPING && phase() != RunPhase.STOPPING) {
            tell("asked to stop");
        }
        known = record;
        if (record.getPhase() == RunPhase.ENDED) {
            ended(record.getEnd(), timeMs);
            finished = true;
        }
    }

    /**
     * The verdict and the run's record both tell of the end; what comes first counts, and it is the
     * same end.
     */
    private void ended(RunEnd how, long timeMs) {
        if (end == null) {
            end = how;
            endMs = timeMs;
        }
    }

    private void tell(String event) {
        events.add(event);
    }

    public String run() {
        return run;
    }

    /** Empty before the run's record is read. */
    public RunSpec spec() {
        return spec;
    }

    public RunPhase phase() {
        return known == null ? RunPhase.RUN_PHASE_UNSPECIFIED : known.getPhase();
    }

    /** Present once the run has ended. */
    public Optional<RunEnd> end() {
        return Optional.ofNullable(end);
    }

    /** Whether the run has ended and its last version is published. */
    public boolean finished() {
        return finished;
    }

    /** In natural order of names: worker-2 before worker-10. */
    public List<WorkerView> workers(long nowMs) {
        return workers.values().stream().map(w -> w.view(nowMs)).toList();
    }

    /** What happened since the last call, in words. */
    public List<String> takeEvents() {
        List<String> taken = List.copyOf(events);
        events.clear();
        return taken;
    }

    /** A row for each model version, oldest first. */
    public List<HistoryRow> history() {
        return versions.stream().map(this::row).toList();
    }

    private HistoryRow row(Version v) {
        Score score = scores.get(v.version());
        return new HistoryRow(
                secondsAt(v.timeMs()),
                v.version(),
                score == null ? Double.NaN : score.getLoss(),
                score == null ? Double.NaN : score.getAccuracy(),
                v.worker(),
                v.weight(),
                v.bytesUp(),
                v.bytesDown());
    }

    /**
     * @param nowMs counts only while the run has not ended
     */
    public Totals totals(long nowMs) {
        Score newest = scores.isEmpty() ? null : scores.lastEntry().getValue();
        Score best = null;
        for (Score score : scores.values()) {
            // as the job does: an equal loss of a later version is the new best
            if (best == null || score.getLoss() <= best.getLoss()) {
                best = score;
            }
        }
        return new Totals(
                secondsAt(endMs >= 0 ? endMs : nowMs),
                Math.max(published, log.version()),
                newest == null ? Double.NaN : newest.getLoss(),
                newest == null ? Double.NaN : newest.getAccuracy(),
                best == null ? -1 : best.getVersion(),
                best == null ? Double.NaN : best.getLoss(),
                best == null ? Double.NaN : best.getAccuracy(),
                workers.values().stream().mapToLong(WorkerFold::iterations).sum(),
                workers.values().stream().mapToLong(WorkerFold::pushes).sum(),
                admitted,
                held,
                refused,
                bytesUp(),
                bytesDown(),
                workers.values().stream().mapToLong(w -> w.bytes().getDataDown()).sum(),
                workers.values().stream().mapToLong(w -> w.bytes().getControl()).sum());
    }

    private long bytesUp() {
        return workers.values().stream().mapToLong(w -> w.bytes().getUpdatesUp()).sum();
    }

    private long bytesDown() {
        return workers.values().stream().mapToLong(w -> w.bytes().getModelsDown()).sum();
    }

    private double secondsAt(long timeMs) {
        return startMs < 0 ? 0 : Math.max(0, timeMs - startMs) / 1000.0;
    }
}
