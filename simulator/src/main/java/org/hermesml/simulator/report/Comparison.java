package org.hermesml.simulator.report;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.hermesml.simulator.campaign.Variant;

/**
 * What the rows of a table are compared with.
 *
 * @param name for the head of the column
 * @param chooses the variants among which the fastest is compared with
 */
public record Comparison(String name, Predicate<Variant> chooses) {
    /** One mini-batch step per synchronisation, and one epoch with fitted data sizes. */
    public static List<Comparison> usual() {
        return List.of(
                new Comparison("bsp", v -> v.label().equals("bsp")),
                new Comparison("balanced", v -> v.method().equals("balanced")));
    }

    public static Comparison with(String label) {
        return new Comparison(label, v -> v.label().equals(label));
    }

    Optional<Summary> among(List<Summary> rows) {
        return rows.stream()
                .filter(row -> chooses.test(row.variant()))
                .min(
                        Comparator.comparingDouble((Summary row) -> row.seconds().median())
                                .thenComparingDouble(row -> row.stopped().median()));
    }
}
