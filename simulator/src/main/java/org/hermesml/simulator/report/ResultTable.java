package org.hermesml.simulator.report;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.hermesml.simulator.RunResult;
import org.hermesml.simulator.campaign.FinishedRun;

/** The rows of one test bed, once for the text and once for the page. */
record ResultTable(String testBed, List<String> heads, List<List<String>> rows) {

    /** One table for each test bed, in the order of the runs. */
    static List<ResultTable> of(List<FinishedRun> finished, List<Comparison> comparisons) {
        List<Summary> all = Summary.of(finished);
        Set<String> testBeds = new LinkedHashSet<>();
        all.forEach(summary -> testBeds.add(summary.testBed()));
        return testBeds.stream()
                .map(
                        name ->
                                of(
                                        name,
                                        all.stream().filter(s -> s.testBed().equals(name)).toList(),
                                        comparisons))
                .toList();
    }

    private static ResultTable of(
            String testBed, List<Summary> summaries, List<Comparison> comparisons) {
        List<String> heads =
                new ArrayList<>(List.of("method", "setting", "time to target", "runs"));
        comparisons.forEach(c -> heads.add("x " + c.name()));
        heads.addAll(List.of("of ideal", "up", "down", "data", "control"));
        comparisons.forEach(c -> heads.add("bytes x " + c.name()));
        heads.addAll(List.of("iterations", "pushes", "test accuracy", "waiting"));
        List<List<String>> rows =
                summaries.stream().map(row -> cells(row, summaries, comparisons)).toList();
        return new ResultTable(testBed, heads, rows);
    }

    private static List<String> cells(
            Summary row, List<Summary> rows, List<Comparison> comparisons) {
        List<String> cells = new ArrayList<>();
        cells.add(row.variant().label());
        cells.add(row.variant().setting());
        cells.add(row.time());
        cells.add(row.reached() + "/" + row.runs().size());
        for (Comparison comparison : comparisons) {
            Optional<Summary> other = comparison.among(rows);
            cells.add(other.map(row::fasterThan).orElse(Figures.NONE));
        }
        cells.add(row.ofIdeal());
        cells.add(Figures.bytes(row.median(RunResult::bytesUp)));
        cells.add(Figures.bytes(row.median(RunResult::bytesDown)));
        cells.add(Figures.bytes(row.median(RunResult::bytesData)));
        cells.add(Figures.bytes(row.median(RunResult::bytesControl)));
        for (Comparison comparison : comparisons) {
            Optional<Summary> other = comparison.among(rows);
            cells.add(other.map(row::fewerBytesThan).orElse(Figures.NONE));
        }
        cells.add(Figures.count(row.median(RunResult::iterations)));
        cells.add(Figures.count(row.median(RunResult::pushes)));
        cells.add(accuracy(row));
        cells.add(Figures.percent(row.median(RunResult::waitingShare), 0));
        return cells;
    }

    private static String accuracy(Summary row) {
        String median = Figures.percent(row.accuracy().median(), 2);
        return row.runs().size() == 1
                ? median
                : median
                        + " ["
                        + Figures.decimal(100 * row.accuracy().min(), 2)
                        + ".."
                        + Figures.decimal(100 * row.accuracy().max(), 2)
                        + "]";
    }
}
