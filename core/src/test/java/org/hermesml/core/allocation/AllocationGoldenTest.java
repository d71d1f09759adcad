package org.hermesml.core.allocation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.hermesml.core.GoldenDecisions;
import org.hermesml.core.allocation.AllocationRound.Decision;
import org.hermesml.core.allocation.AllocationRound.Finding;
import org.hermesml.core.allocation.AllocationRound.Standing;
import org.hermesml.core.settings.Settings;
import org.hermesml.core.state.StepTime;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The released allocation: its quartiles, fences and outliers are ours in `official`; its answers
 * are what we beat.
 */
final class AllocationGoldenTest {
    /** As the released implementation, whose figures these are. */
    private static final Settings FIVE_EPOCHS =
            Settings.of(Map.of("local_epochs", "5", "samples", "2500", "mini_batch", "16"));

    private static final Settings OFFICIAL = FIVE_EPOCHS.with(Settings.METHOD, "official");

    @TestFactory
    Stream<DynamicTest> theOfficialOutliersAreAsReleased() {
        return cases().map(c -> DynamicTest.dynamicTest(name(c), () -> findsTheOutlier(c)));
    }

    private static void findsTheOutlier(JsonNode c) {
        double target = c.get("target").asDouble();
        Decision decision = new AllocationRound(OFFICIAL).decide(standings(c), target);
        Finding finding = decision.findings().get(c.get("node").asText());
        Outliers fences = finding.fences().orElseThrow();
        assertEquals(target, decision.targetSeconds());
        assertEquals(c.get("q1").asDouble(), fences.others().q1(), 1e-9);
        assertEquals(c.get("q3").asDouble(), fences.others().q3(), 1e-9);
        assertEquals(c.get("lower").asDouble(), fences.lower(), 1e-9);
        assertEquals(c.get("upper").asDouble(), fences.upper(), 1e-9);
        assertEquals(c.get("outlier").asBoolean(), finding.outlier());
        if (c.get("outlier").asBoolean()) {
            assertEquals(c.get("k").asDouble(), cost(c, "node").stepSeconds(16), 1e-9);
        }
    }

    @Test
    void theTargetOfAFirstRoundIsItsMedian() {
        // One case was recorded in a later round, with the target of the first.
        long medians =
                cases().filter(
                                c -> {
                                    double ours =
                                            new AllocationRound(OFFICIAL)
                                                    .decide(standings(c), 0)
                                                    .targetSeconds();
                                    return Math.abs(ours - c.get("target").asDouble()) < 1e-9;
                                })
                        .count();
        assertEquals(cases().count() - 1, medians);
    }

    @TestFactory
    Stream<DynamicTest> ourAnswerIsNearerToTheTargetThanTheReleasedOne() {
        return cases().filter(c -> c.get("outlier").asBoolean())
                .map(c -> DynamicTest.dynamicTest(name(c), () -> beatsTheReleased(c)));
    }

    private static void beatsTheReleased(JsonNode c) {
        StepCost cost = cost(c, "node");
        int epochs = c.get("epochs").asInt();
        double target = c.get("target").asDouble();
        JsonNode released = c.get("official");
        double releasedSeconds =
                cost.iterationSeconds(
                        epochs,
                        released.get("datasetSize").asInt(),
                        released.get("miniBatch").asInt());
        var fit = DualSearch.of(FIVE_EPOCHS).fit(cost, target, 60_000, c.get("miniBatch").asInt());
        assertTrue(
                Math.abs(fit.seconds() - target) < Math.abs(releasedSeconds - target),
                fit + " against " + releasedSeconds + " s for a target of " + target + " s");
        assertEquals(cost.iterationSeconds(epochs, fit.samples(), fit.miniBatch()), fit.seconds());
    }

    @Test
    void strictFencesLetEqualTimesBe() {
        JsonNode equal =
                cases().filter(c -> c.get("q1").asDouble() == c.get("q3").asDouble())
                        .findFirst()
                        .orElseThrow();
        Decision strict = new AllocationRound(FIVE_EPOCHS).decide(standings(equal), 0);
        assertTrue(strict.findings().values().stream().noneMatch(Finding::outlier));
        assertTrue(strict.findings().values().stream().noneMatch(Finding::changed));
    }

    private static Stream<JsonNode> cases() {
        return StreamSupport.stream(GoldenDecisions.cases("allocation").spliterator(), false);
    }

    private static String name(JsonNode c) {
        return c.get("node").asText() + " of " + c.get("times").size();
    }

    private static Map<String, Standing> standings(JsonNode c) {
        Map<String, Standing> standings = new TreeMap<>();
        c.get("times")
                .fieldNames()
                .forEachRemaining(
                        worker ->
                                standings.put(
                                        worker,
                                        new Standing(
                                                c.get("times").get(worker).asDouble(),
                                                c.get("times").get(worker).asDouble(),
                                                0,
                                                StepCost.of(List.of(time(c, worker))),
                                                c.get("datasetSize").asInt(),
                                                c.get("miniBatch").asInt(),
                                                60_000,
                                                true)));
        return standings;
    }

    private static StepCost cost(JsonNode c, String field) {
        return StepCost.of(List.of(time(c, c.get(field).asText())));
    }

    private static StepTime time(JsonNode c, String worker) {
        return StepTime.newBuilder()
                .setSeconds(c.get("times").get(worker).asDouble())
                .setSamples(c.get("datasetSize").asInt())
                .setMiniBatch(c.get("miniBatch").asInt())
                .setEpochs(c.get("epochs").asInt())
                .build();
    }
}
