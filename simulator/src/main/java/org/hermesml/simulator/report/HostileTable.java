package org.hermesml.simulator.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.hermesml.simulator.RunResult;
import org.hermesml.simulator.campaign.FinishedRun;

/**
 * What hostile devices did to runs, beside the same runs without them, and who was found out. One
 * row for each variant on each test bed with such devices; the clean one has the name before the
 * comma of theirs.
 */
final class HostileTable {
    static final List<String> HEADS =
            List.of(
                    "test bed",
                    "method",
                    "time to target",
                    "x clean",
                    "test accuracy",
                    "points lost",
                    "expelled",
                    "not found",
                    "honest expelled");

    /** Over the seeds. */
    private record Row(String testBed, String variant, List<RunResult> runs) {
        double seconds() {
            return Spread.of(runs, r -> r.reached() ? r.seconds() : Double.POSITIVE_INFINITY)
                    .median();
        }

        double accuracy() {
            return Spread.of(runs, RunResult::accuracy).median();
        }

        boolean isClean() {
            return runs.stream().allMatch(run -> run.hostile().isEmpty());
        }
    }

    /** Empty where no run had hostile devices. */
    static List<List<String>> rows(List<FinishedRun> finished) {
        List<Row> rows = overSeeds(finished);
        return rows.stream().allMatch(Row::isClean)
                ? List.of()
                : rows.stream().map(row -> cells(row, clean(rows, row))).toList();
    }

    /**
     * @param clean the same without hostile devices; null where there is none
     */
    private static List<String> cells(Row row, Row clean) {
        return List.of(
                row.testBed(),
                row.variant(),
                Double.isFinite(row.seconds()) ? Figures.seconds(row.seconds()) : "not reached",
                clean == null ? Figures.NONE : Figures.decimal(row.seconds() / clean.seconds(), 2),
                Figures.percent(row.accuracy(), 2),
                clean == null
                        ? Figures.NONE
                        : Figures.decimal(100 * (clean.accuracy() - row.accuracy()), 2),
                found(row, true, true),
                found(row, true, false),
                found(row, false, true));
    }

    private static List<Row> overSeeds(List<FinishedRun> finished) {
        Map<String, Row> rows = new LinkedHashMap<>();
        for (FinishedRun one : finished) {
            String testBed = one.run().testBed().name();
            String variant = one.run().variant().label();
            rows.computeIfAbsent(
                            testBed + "/" + variant,
                            key -> new Row(testBed, variant, new ArrayList<>()))
                    .runs()
                    .add(one.result());
        }
        return List.copyOf(rows.values());
    }

    private static Row clean(List<Row> rows, Row row) {
        String bed = row.testBed().replaceFirst(",.*", "");
        return rows.stream()
                .filter(r -> r.isClean() && r.testBed().equals(bed))
                .filter(r -> r.variant().equals(row.variant()))
                .findFirst()
                .orElse(null);
    }

    /** Names with the number of runs where there are more than one: {@code fast-2 (3)}. */
    private static String found(Row row, boolean hostile, boolean expelled) {
        Map<String, Integer> names = new TreeMap<>();
        for (RunResult run : row.runs()) {
            Set<String> bad = names(run.hostile());
            Set<String> out = names(run.expelled());
            Set<String> all = new TreeSet<>(bad);
            all.addAll(out);
            all.removeIf(name -> bad.contains(name) != hostile || out.contains(name) != expelled);
            all.forEach(name -> names.merge(name, 1, Integer::sum));
        }
        List<String> words = new ArrayList<>();
        names.forEach(
                (name, runs) ->
                        words.add(row.runs().size() == 1 ? name : name + " (" + runs + ")"));
        return words.isEmpty() ? Figures.NONE : String.join(" ", words);
    }

    private static Set<String> names(String joined) {
        Set<String> names = new TreeSet<>();
        if (!joined.isEmpty()) {
            names.addAll(List.of(joined.split(" ")));
        }
        return names;
    }

    private HostileTable() {}
}
