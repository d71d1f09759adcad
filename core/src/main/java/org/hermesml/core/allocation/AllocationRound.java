package org.hermesml.core.allocation;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.hermesml.core.allocation.DualSearch.Fit;
import org.hermesml.core.settings.Settings;

/**
 * One look at the times of all live workers: the target, the outliers, and what each worker should
 * train from now on.
 *
 * <p>The target is a quantile of the times that the workers would need now for the work that the
 * run starts with: the paper's is the median. Among the times that they do need it would be a
 * target that nothing holds: each fit aims at it and moves it, and with noisy times it wanders off,
 * to a tenth or the tenfold. But where communication is dear, an iteration as long as it takes to
 * evaluate, push and pull is the least: with a shorter one workers would spend most of their time
 * on that.
 *
 * <p>{@code official} fits outliers only, on inclusive fences, to the median of the first round for
 * ever; every other method fits all workers to the present target.
 *
 * <p>Immutable; safe for any number of threads.
 */
public final class AllocationRound {
    /**
     * What is known of a worker.
     *
     * @param seconds of an iteration with the n and b now in force
     * @param secondsAsSet of an iteration with the n and b that the run starts with
     * @param overheadSeconds of an iteration besides training and waiting; 0 where unknown
     * @param samples n now in force
     * @param miniBatch b now in force
     * @param mostSamples that its memory and the data allow
     * @param mayChange whether enough iterations have passed since its last change
     */
    public record Standing(
            double seconds,
            double secondsAsSet,
            double overheadSeconds,
            StepCost cost,
            int samples,
            int miniBatch,
            int mostSamples,
            boolean mayChange) {}

    /**
     * What came out for a worker.
     *
     * @param seconds of an iteration as it trains now
     * @param fences from the other workers; empty where there is no other
     * @param fit what it has, or what it gets where {@code changed}
     */
    public record Finding(
            double seconds, Optional<Outliers> fences, boolean outlier, Fit fit, boolean changed) {}

    /**
     * @param targetSeconds NaN without workers
     */
    public record Decision(double targetSeconds, SortedMap<String, Finding> findings) {}

    /**
     * What is to change.
     *
     * @param targetSeconds NaN without workers
     * @param fits by worker
     */
    record Changes(double targetSeconds, Map<String, Fit> fits) {}

    private static final double MEDIAN = 0.5;

    private final boolean official;
    private final boolean fitting;
    private final double quantile;
    private final double leastTraining;
    private final double tolerance;
    private final DualSearch search;

    public AllocationRound(Settings settings) {
        this.official = settings.get(Settings.METHOD).equals("official");
        this.fitting = settings.get(Settings.ALLOCATION);
        this.quantile = settings.get(Settings.ALLOCATION_TARGET);
        this.leastTraining = official ? 0 : settings.get(Settings.LEAST_TRAINING);
        this.tolerance = settings.get(Settings.ALLOCATION_TOLERANCE);
        this.search = DualSearch.of(settings);
    }

    /**
     * @param firstTargetSeconds median of the run's first round; 0 in that round
     */
    public Decision decide(Map<String, Standing> workers, double firstTargetSeconds) {
        Standings standings = new Standings();
        workers.forEach(standings::put);
        return decide(standings, firstTargetSeconds);
    }

    private Decision decide(Standings workers, double firstTargetSeconds) {
        TreeMap<String, Finding> findings = new TreeMap<>();
        double[] sorted = workers.all().values().stream().mapToDouble(Standing::seconds).toArray();
        Arrays.sort(sorted);
        double target = target(workers, firstTargetSeconds);
        workers.all()
                .forEach(
                        (worker, s) -> {
                            Optional<Outliers> fences = fences(sorted, s.seconds);
                            boolean outlier = fences.map(f -> f.isOutlier(s.seconds)).orElse(false);
                            findings.put(worker, find(s, target, fences, outlier));
                        });
        return new Decision(target, findings);
    }

    private double target(Standings workers, double firstTargetSeconds) {
        if (official && firstTargetSeconds > 0) {
            return firstTargetSeconds;
        }
        double asSet = workers.secondsAsSet(official ? MEDIAN : quantile);
        return leastTraining > 0
                ? Math.max(asSet, leastTraining * workers.overheadSeconds(quantile))
                : asSet;
    }

    /**
     * What {@link #decide} would change, but for what the call before has found already. Cheaper
     * where outliers do not count: looks closer only at those that may change.
     */
    Changes changes(Standings workers, double firstTargetSeconds) {
        Map<String, Fit> fits = new HashMap<>();
        if (official) {
            Decision decision = decide(workers, firstTargetSeconds);
            decision.findings()
                    .forEach(
                            (worker, finding) -> {
                                if (finding.changed()) {
                                    fits.put(worker, finding.fit());
                                }
                            });
            return new Changes(decision.targetSeconds(), fits);
        }
        double target = target(workers, firstTargetSeconds);
        for (String worker : workers.toLookAt(target)) {
            Standing s = workers.all().get(worker);
            if (s.mayChange) {
                Finding finding = find(s, target, Optional.empty(), false);
                if (finding.changed()) {
                    fits.put(worker, finding.fit());
                }
            }
        }
        return new Changes(target, fits);
    }

    private Finding find(Standing s, double target, Optional<Outliers> fences, boolean outlier) {
        Fit kept = new Fit(s.samples, s.miniBatch, s.seconds, "kept");
        boolean wanted = official ? outlier : Math.abs(s.seconds - target) > tolerance * target;
        if (!fitting || !s.mayChange || !wanted) {
            return new Finding(s.seconds, fences, outlier, kept, false);
        }
        Fit fit = search.fit(s.cost, target, s.mostSamples, s.miniBatch);
        boolean changed = isWorthIt(s, target, fit);
        return new Finding(s.seconds, fences, outlier, changed ? fit : kept, changed);
    }

    /** A worker at its limits stays far from the target; small steps there would only be unrest. */
    private boolean isWorthIt(Standing s, double target, Fit fit) {
        if (fit.miniBatch() != s.miniBatch) {
            return true;
        }
        return official
                ? fit.samples() != s.samples
                : Math.abs(fit.seconds() - s.seconds) > tolerance * Math.min(s.seconds, target);
    }

    private Optional<Outliers> fences(double[] sorted, double seconds) {
        return sorted.length < 2
                ? Optional.empty()
                : Optional.of(
                        new Outliers(
                                Quartiles.ofOthers(sorted, Arrays.binarySearch(sorted, seconds)),
                                official));
    }
}
