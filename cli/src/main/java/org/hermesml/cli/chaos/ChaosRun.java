package org.hermesml.cli.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.hermesml.cli.local.ChildProcess;
import org.hermesml.cli.local.HermesJobs;
import org.hermesml.cli.replay.ReplayedVersion;
import org.hermesml.cli.replay.RunReplay;
import org.hermesml.cli.run.RunFailure;
import org.hermesml.core.settings.Settings;
import org.hermesml.core.wire.Slicing;

/** Kills and pauses the processes of a run that trains, then holds what is left against the log. */
final class ChaosRun {
    /**
     * Longer than any recovery on the slowest machine: a run that has not merged by then stands.
     */
    private static final Duration STUCK = Duration.ofMinutes(4);

    private static final long POLL_MS = 200;
    private static final long QUIET_ROUNDS = 10;

    private final ChaosPlan plan;
    private final Consumer<String> words;
    private final FaultSchedule schedule;
    private final Map<Target, Integer> kills = new EnumMap<>(Target.class);
    private final Map<Target, Integer> pauses = new EnumMap<>(Target.class);
    private final Recoveries recoveries = new Recoveries();
    private Installation site;
    private MergeWatch watch;
    private long beganNanos;
    private String stuck = "";

    /**
     * @param words told of what happens, for people
     */
    ChaosRun(ChaosPlan plan, Consumer<String> words) {
        this.plan = plan;
        this.words = words;
        this.schedule = new FaultSchedule(plan.targets(), plan.seed());
    }

    /**
     * @throws RunFailure when not even an undisturbed run came about
     */
    ChaosResult run() throws InterruptedException {
        words.accept("Starting broker, Flink cluster, evaluator and workers.");
        try (Installation started = Installation.start(plan, words)) {
            site = started;
            try (MergeWatch watching = new MergeWatch(site.site(), ChaosPlan.RUN)) {
                watch = watching;
                if (watch.await(merge -> merge.version() >= 2, STUCK).isEmpty()) {
                    throw new RunFailure(
                            "The run made no version within "
                                    + STUCK.toMinutes()
                                    + " min, with nothing killed yet; see "
                                    + plan.proof().logs()
                                    + ".");
                }
                beganNanos = System.nanoTime();
                words.accept("The run trains; faults begin.");
                disturb();
                Audit audit = audit();
                return new ChaosResult(
                        plan, kills, pauses, recoveries, audit, stuck, site.unasked());
            }
        }
    }

    private void disturb() throws InterruptedException {
        while (killsDone() < plan.kills() && stuck.isEmpty()) {
            FaultSchedule.Fault fault = schedule.next();
            TimeUnit.MILLISECONDS.sleep(fault.quiet().toMillis());
            if (System.nanoTime() - beganNanos > plan.limit().toNanos()) {
                words.accept("The time is over.");
                return;
            }
            Optional<Victim> victim = site.victim(fault);
            if (victim.isEmpty()) {
                continue;
            }
            if (fault.kill()) {
                kill(fault, victim.get());
            } else {
                pause(fault, victim.get());
            }
        }
        // Faults that overlapped may have left the last one without a merge behind it.
        awaitMerge("the last fault", merged(System.nanoTime()));
    }

    private void kill(FaultSchedule.Fault fault, Victim victim) throws InterruptedException {
        Predicate<MergeWatch.Merge> recovered = recovery(fault.target());
        long before = System.nanoTime();
        victim.kill();
        kills.merge(fault.target(), 1, Integer::sum);
        String what = killsDone() + "/" + plan.kills() + " kills: " + victim.name();
        if (fault.overlaps()) {
            words.accept(what + ", and another fault at once; " + left());
            return;
        }
        Optional<MergeWatch.Merge> merge = awaitMerge("the kill of " + victim.name(), recovered);
        if (merge.isPresent()) {
            double seconds = (merge.get().seenNanos() - before) / 1e9;
            recoveries.add(fault.target(), seconds);
            words.accept(
                    String.format(
                            Locale.ROOT, "%s, next merge after %.1f s; %s", what, seconds, left()));
        }
    }

    private void pause(FaultSchedule.Fault fault, Victim victim) throws InterruptedException {
        victim.pause();
        try {
            TimeUnit.MILLISECONDS.sleep(fault.lasts().toMillis());
        } finally {
            victim.goOn();
        }
        pauses.merge(fault.target(), 1, Integer::sum);
        words.accept(
                String.format(
                        Locale.ROOT,
                        "%s stood still for %.1f s; %s",
                        victim.name(),
                        fault.lasts().toMillis() / 1000.0,
                        left()));
        if (!fault.overlaps()) {
            awaitMerge("the pause of " + victim.name(), merged(System.nanoTime()));
        }
    }

    /**
     * What shows that all goes on. A server that was killed is there again when its next life
     * merges: its tasks may go on for seconds after the death of a JobManager.
     */
    private Predicate<MergeWatch.Merge> recovery(Target target) {
        long life = watch.newest().life();
        long broker = site.brokerPid();
        long now = System.nanoTime();
        return switch (target) {
            case TASKMANAGER, JOBMANAGER -> merge -> merge.life() > life;
            case BROKER -> merge -> merge.seenNanos() > now && site.brokerPid() != broker;
            case WORKER, EVALUATOR -> merged(now);
        };
    }

    private static Predicate<MergeWatch.Merge> merged(long sinceNanos) {
        return merge -> merge.seenNanos() > sinceNanos;
    }

    private Optional<MergeWatch.Merge> awaitMerge(
            String after, Predicate<MergeWatch.Merge> recovered) throws InterruptedException {
        Optional<MergeWatch.Merge> merge = watch.await(recovered, STUCK);
        if (merge.isEmpty()) {
            stuck = "no merge within " + STUCK.toMinutes() + " min after " + after;
            words.accept(stuck);
        }
        return merge;
    }

    // ---- the audit

    private Audit audit() throws InterruptedException {
        words.accept("Faults are over; waiting until every push is answered.");
        // They live on and push nothing more: whatever they pushed must be answered.
        List<Victim> workers =
                site.workers().stream()
                        .map(KeptDevice::process)
                        .filter(ChildProcess::isAlive)
                        .map(process -> new Victim(process.name(), process.handle()))
                        .toList();
        workers.forEach(Victim::pause);
        Pushes pushes = settled();
        words.accept("Taking the final savepoint, and replaying the log.");
        List<String> faults = new ArrayList<>();
        Optional<SavedModel> saved = savedModel(faults);
        List<ReplayedVersion> versions = new ArrayList<>();
        RunReplay replay = new RunReplay(site.site(), ChaosPlan.RUN);
        RunReplay.Result replayed = replay.run(versions::add);
        compare(replay, replayed, versions, saved, faults);
        return new Audit(
                pushes.merged().size(),
                pushes.refused().size(),
                pushes.lost(),
                pushes.doubled(),
                replayed.versions(),
                faults);
    }

    private Optional<SavedModel> savedModel(List<String> faults) {
        try {
            String savepoint =
                    HermesJobs.savepoint(
                            site.rest(),
                            HermesJobs.only(site.rest(), null),
                            Optional.empty(),
                            true);
            return Optional.of(SavedModel.read(savepoint, ChaosPlan.RUN));
        } catch (RuntimeException e) {
            faults.add("there is no final savepoint: " + e.getMessage());
            return Optional.empty();
        }
    }

    private static void compare(
            RunReplay replay,
            RunReplay.Result replayed,
            List<ReplayedVersion> versions,
            Optional<SavedModel> saved,
            List<String> faults) {
        versions.stream()
                .filter(version -> version.finding() != ReplayedVersion.Finding.EQUAL)
                .forEach(
                        version ->
                                faults.add(
                                        "version "
                                                + version.version()
                                                + " as published is "
                                                + version.finding().name().toLowerCase(Locale.ROOT)
                                                + " in slice "
                                                + version.slice()));
        Slicing slicing =
                Slicing.of(
                        replay.spec().getParameterCount(),
                        Settings.of(replay.spec().getSettingsMap()));
        long entries = replayed.log().entries().size();
        saved.ifPresent(model -> faults.addAll(model.faults(slicing, replayed.model(), entries)));
    }

    /** Waits until nothing is unanswered and the log stands still, or it is no use any more. */
    private Pushes settled() throws InterruptedException {
        long end = System.nanoTime() + STUCK.toNanos();
        Pushes pushes = Pushes.read(site.site(), ChaosPlan.RUN);
        long version = watch.newest().version();
        int quiet = 0;
        while (System.nanoTime() < end && quiet < QUIET_ROUNDS) {
            TimeUnit.MILLISECONDS.sleep(POLL_MS);
            pushes = Pushes.read(site.site(), ChaosPlan.RUN);
            boolean same = watch.newest().version() == version && pushes.unanswered().isEmpty();
            quiet = same ? quiet + 1 : 0;
            version = watch.newest().version();
        }
        return pushes;
    }

    private int killsDone() {
        return kills.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** Time left, by what was needed so far and at most. */
    private String left() {
        double gone = (System.nanoTime() - beganNanos) / 1e9;
        int done = killsDone();
        double most = plan.limit().toSeconds() - gone;
        double likely = done == 0 ? most : gone / done * (plan.kills() - done);
        return String.format(
                Locale.ROOT,
                "about %.0f min left",
                Math.ceil(Math.max(0, Math.min(most, likely)) / 60));
    }
}
