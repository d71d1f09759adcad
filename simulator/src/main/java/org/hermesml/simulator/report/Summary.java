package org.hermesml.simulator.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.hermesml.core.admission.Stopping;
import org.hermesml.simulator.RunResult;
import org.hermesml.simulator.campaign.FinishedRun;
import org.hermesml.simulator.campaign.Variant;

/**
 * One variant on one test bed, over its seeds: one row of a table.
 *
 * @param seconds to the target; infinite for a run that did not reach it
 * @param stopped seconds at which the runs ended, whether or not they reached it
 * @param bytes of updates and models, up and down
 */
record Summary(
        String testBed,
        Variant variant,
        List<RunResult> runs,
        int reached,
        Spread seconds,
        Spread stopped,
        Spread bytes,
        Spread accuracy) {
    /** In the order of the runs. */
    static List<Summary> of(List<FinishedRun> finished) {
        Map<String, List<FinishedRun>> groups = new LinkedHashMap<>();
        finished.forEach(
                f ->
                        groups.computeIfAbsent(
                                        f.run().testBed().name() + " " + f.run().variant().label(),
                                        key -> new ArrayList<>())
                                .add(f));
        return groups.values().stream()
                .map(
                        group ->
                                of(
                                        group.get(0).run().testBed().name(),
                                        group.get(0).run().variant(),
                                        group.stream().map(FinishedRun::result).toList()))
                .toList();
    }

    private static Summary of(String testBed, Variant variant, List<RunResult> runs) {
        return new Summary(
                testBed,
                variant,
                runs,
                (int) runs.stream().filter(RunResult::reached).count(),
                Spread.of(runs, r -> r.reached() ? r.seconds() : Double.POSITIVE_INFINITY),
                Spread.of(runs, RunResult::seconds),
                Spread.of(runs, r -> r.bytesUp() + r.bytesDown()),
                Spread.of(runs, RunResult::accuracy));
    }

    boolean isReached() {
        return Double.isFinite(seconds.median());
    }

    double median(ToDoubleFunction<RunResult> figure) {
        return Spread.of(runs, figure).median();
    }

    /** Most of those that did not reach it were ended since they got no better. */
    private boolean levelled() {
        long ended = runs.stream().filter(r -> r.end().contains(Stopping.LEVELLED_OFF)).count();
        return 2 * ended > runs.size() - reached;
    }

    /** {@code 12.3 s [11.8..13.0]}, or how far it came. */
    String time() {
        if (!isReached()) {
            return "not reached ("
                    + Figures.decimal(median(RunResult::heldOutAccuracy), 3)
                    + (levelled() ? ", " + Stopping.LEVELLED_OFF : "")
                    + " after "
                    + Figures.seconds(stopped.median())
                    + ")";
        }
        if (runs.size() == 1) {
            return Figures.seconds(seconds.median());
        }
        return Figures.seconds(seconds.median())
                + " ["
                + Figures.threeDigits(seconds.min())
                + ".."
                + (Double.isFinite(seconds.max()) ? Figures.threeDigits(seconds.max()) : "never")
                + "]";
    }

    /** How many times faster this one is; a bound where one of the two never got there. */
    String fasterThan(Summary other) {
        if (isReached() && other.isReached()) {
            return Figures.threeDigits(other.seconds.median() / seconds.median());
        }
        if (isReached()) {
            return "> " + Figures.threeDigits(other.stopped.median() / seconds.median());
        }
        return other.isReached()
                ? "< " + Figures.threeDigits(other.seconds.median() / stopped.median())
                : Figures.NONE;
    }

    /** How many times fewer bytes this one moved until its end. */
    String fewerBytesThan(Summary other) {
        if (bytes.median() == 0) {
            return Figures.NONE;
        }
        String ratio = Figures.threeDigits(other.bytes.median() / bytes.median());
        if (isReached() && other.isReached()) {
            return ratio;
        }
        return isReached() ? "> " + ratio : other.isReached() ? "< " + ratio : Figures.NONE;
    }

    /** Part of the ideal bound's speed: 1 is the bound. */
    String ofIdeal() {
        double ideal = median(RunResult::idealSeconds);
        if (isReached()) {
            return Figures.threeDigits(ideal / seconds.median());
        }
        return Double.isFinite(ideal)
                ? "< " + Figures.threeDigits(ideal / stopped.median())
                : Figures.NONE;
    }
}
