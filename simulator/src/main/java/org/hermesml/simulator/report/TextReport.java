package org.hermesml.simulator.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.hermesml.simulator.campaign.FinishedRun;

/** The tables as text, each in two parts that fit a terminal: what it took, and what it moved. */
public final class TextReport {
    /** Columns that hold words; numbers are set to the right. */
    private static final Set<String> WORDS =
            Set.of(
                    "method",
                    "setting",
                    "time to target",
                    "test bed",
                    "expelled",
                    "not found",
                    "honest expelled");

    /**
     * @return lines without line ends
     */
    public static List<String> lines(List<FinishedRun> finished, List<Comparison> comparisons) {
        List<String> lines = new ArrayList<>();
        for (ResultTable table : ResultTable.of(finished, comparisons)) {
            lines.add("");
            lines.add(table.testBed());
            lines.addAll(part(table, false));
            lines.add("");
            lines.addAll(part(table, true));
        }
        List<List<String>> hostile = HostileTable.rows(finished);
        if (!hostile.isEmpty()) {
            lines.add("");
            lines.add("hostile workers");
            int[] all = IntStream.range(0, HostileTable.HEADS.size()).toArray();
            lines.addAll(part(HostileTable.HEADS, hostile, all));
        }
        return lines;
    }

    private static List<String> part(ResultTable table, boolean traffic) {
        int[] columns =
                IntStream.range(0, table.heads().size())
                        .filter(c -> c == 0 || isTraffic(table.heads().get(c)) == traffic)
                        .toArray();
        return part(table.heads(), table.rows(), columns);
    }

    /** Lines of these columns, each as wide as its widest cell. */
    private static List<String> part(List<String> heads, List<List<String>> body, int[] columns) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(heads);
        rows.addAll(body);
        int[] widths =
                IntStream.of(columns)
                        .map(c -> rows.stream().mapToInt(r -> r.get(c).length()).max().orElse(0))
                        .toArray();
        return rows.stream().map(row -> line(heads, row, columns, widths)).toList();
    }

    private static String line(List<String> heads, List<String> row, int[] columns, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < columns.length; i++) {
            String cell = row.get(columns[i]);
            String blanks = " ".repeat(widths[i] - cell.length());
            boolean word = WORDS.contains(heads.get(columns[i]));
            line.append("  ").append(word ? cell + blanks : blanks + cell);
        }
        return line.toString().stripTrailing();
    }

    private static boolean isTraffic(String head) {
        return head.startsWith("bytes") || List.of("up", "down", "data", "control").contains(head);
    }

    private TextReport() {}
}
