package org.hermesml.simulator;

import static org.hermesml.simulator.DigitRuns.bed;
import static org.hermesml.simulator.DigitRuns.device;
import static org.hermesml.simulator.DigitRuns.settings;
import static org.hermesml.simulator.DigitRuns.simulate;
import static org.hermesml.simulator.DigitRuns.simulateCurve;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import org.hermesml.core.settings.Settings;
import org.hermesml.simulator.RunTrace.DeviceSpans;
import org.hermesml.simulator.RunTrace.Kind;
import org.hermesml.simulator.testbed.Absence;
import org.hermesml.simulator.testbed.Device;
import org.hermesml.simulator.testbed.Link;
import org.hermesml.simulator.testbed.TestBed;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a simulated run takes of time, bytes and memory. */
class ChargesTest {
    @Test
    void whoFillsItsMemoryHoldsMoreBlocksThanItsOwn() {
        String[] small = {"max_time", "30s", "target_accuracy", "1.1", "block_bytes", "20000"};
        Settings own = settings("hermes", small);
        long owned = simulateCurve(bed(), own).result().bytesData();
        Simulated filled = simulateCurve(bed(), own.with(Settings.FILL_MEMORY, true));
        assertTrue(filled.result().bytesData() > 1.5 * owned, filled.result() + "; " + owned);
    }

    @Test
    void onSlowLinksHalfOfTheTimeIsTraining() {
        double plain = trainingShare("0");
        double fitted = trainingShare("1");
        double twice = trainingShare("2");
        assertTrue(plain < 0.25, plain + " of the time");
        assertEquals(1 / 2.0, fitted, 0.05);
        assertEquals(2 / 3.0, twice, 0.05);
    }

    /** Of a lone device's time but for waiting, once it is fitted. */
    private static double trainingShare(String leastTraining) {
        TestBed three = bed();
        Device slow = device("slow", 1, new Link(10, 10, 2), List.of());
        TestBed one = three.with(List.of(slow));
        Settings settings =
                settings(
                        "balanced",
                        "samples",
                        "100",
                        "allocation",
                        "true",
                        "least_training",
                        leastTraining,
                        "target_accuracy",
                        "1.1");
        Simulated run = simulateCurve(one, settings);
        TreeMap<Kind, Double> spent = new TreeMap<>();
        run.trace().devices().get(0).spans().stream()
                .filter(s -> s.fromSeconds() > 20)
                .forEach(s -> spent.merge(s.kind(), s.toSeconds() - s.fromSeconds(), Double::sum));
        double others = spent.get(Kind.TRANSFERRING);
        return spent.get(Kind.TRAINING) / (spent.get(Kind.TRAINING) + others);
    }

    @Test
    void bytesAreThoseOfTheRecords() {
        Settings settings =
                settings("bsp", "samples", "300", "max_time", "5s", "target_accuracy", "1.1");
        RunResult full = simulate(bed(), settings, 1).result();
        RunResult half = simulate(bed(), settings.with(Settings.UPDATE_TYPE, "fp16"), 1).result();
        RunResult bytes = simulate(bed(), settings.with(Settings.UPDATE_TYPE, "int8"), 1).result();
        RunResult coarse = simulate(bed(), settings.with(Settings.MODEL_TYPE, "int8"), 1).result();
        double perPush = (double) full.bytesUp() / full.pushes();
        int parameters = DigitRuns.WORKLOAD.initialWeights().length;
        assertEquals(4.0 * parameters, perPush, 1000);
        assertEquals(2.0 * parameters, (double) half.bytesUp() / half.pushes(), 1000);
        double eighth = 260.0 / 256 * parameters;
        assertEquals(eighth, (double) bytes.bytesUp() / bytes.pushes(), 1000);
        double fullPerPush = (double) full.bytesDown() / full.pushes();
        double coarsePerPush = (double) coarse.bytesDown() / coarse.pushes();
        assertEquals(fullPerPush * 260 / 256 / 4, coarsePerPush, 0.1 * coarsePerPush);
        long held = (long) DigitRuns.WORKLOAD.heldOut().count() * 785;
        assertTrue(full.bytesData() > 3 * held, full.toString());
        assertTrue(full.bytesControl() > 0 && full.bytesEvaluator() > held, full.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"hermes", "bsp", "fedbuff"})
    void bytesInsteadOfFloatsLearnAsWell(String method) {
        Settings settings =
                settings(
                        method,
                        "samples",
                        "300",
                        "server_momentum",
                        "0",
                        "max_time",
                        "20s",
                        "target_accuracy",
                        "1.1");
        Settings coarse =
                settings.with(Settings.UPDATE_TYPE, "int8").with(Settings.MODEL_TYPE, "int8");
        RunResult full = simulate(bed(), settings, 1).result();
        RunResult rounded = simulate(bed(), coarse, 1).result();
        assertTrue(
                rounded.heldOutAccuracy() > full.heldOutAccuracy() - 0.05,
                () -> full + " " + rounded);
        assertTrue(full.heldOutAccuracy() > 0.5, full.toString());
        assertEquals(rounded, simulate(bed(), coarse, 2).result());
    }

    @Test
    void tailAveragesChangeTheWeightsAndNothingOfTheTimes() {
        Settings settings =
                settings("asp", "samples", "300", "max_time", "5s", "target_accuracy", "1.1");
        Settings averaged = settings.with(Settings.TAIL_AVERAGE, 0.5);
        Simulated plain = simulate(bed(), settings, 1);
        Simulated mean = simulate(bed(), averaged, 1);
        assertEquals(plain.result().iterations(), mean.result().iterations());
        assertEquals(plain.result().bytesUp(), mean.result().bytesUp());
        assertNotEquals(plain.trace().curve(), mean.trace().curve());
        assertEquals(mean, simulate(bed(), averaged, 2));
    }

    @Test
    void spansCoverTheRunWithoutGaps() {
        Simulated run = simulateCurve(bed(new Absence(3, 5)), settings("asp", "max_time", "9s"));
        for (DeviceSpans device : run.trace().devices()) {
            double end = 0;
            for (RunTrace.Span span : device.spans()) {
                assertEquals(end, span.fromSeconds(), 1e-9);
                end = span.toSeconds();
            }
            assertEquals(run.result().seconds(), end, 1e-9);
        }
    }

    @Test
    void aFreshHeldOutSetIsSmallerAndTakesLessTime() {
        double fixed = measuring(settings("hermes", "max_versions", "10"));
        double fresh =
                measuring(settings("hermes", "max_versions", "10", "fresh_held_out", "true"));
        assertTrue(fresh < 0.5 * fixed, fresh + " s and " + fixed + " s");
    }

    /** Seconds of the first evaluation of the first device. */
    private static double measuring(Settings settings) {
        return simulate(bed(), settings, 1).trace().devices().get(0).spans().stream()
                .filter(s -> s.kind() == Kind.EVALUATING)
                .mapToDouble(s -> s.toSeconds() - s.fromSeconds())
                .findFirst()
                .orElseThrow();
    }

    @Test
    void withoutPrefetchAWorkerWaitsForAllItsBlocks() {
        String[] small = {"max_versions", "5", "block_bytes", "20000", "samples", "100"};
        double ahead = firstTraining(settings("hermes", small));
        String[] waiting = Arrays.copyOf(small, small.length + 2);
        waiting[small.length] = "prefetch";
        waiting[small.length + 1] = "false";
        double after = firstTraining(settings("hermes", waiting));
        assertTrue(ahead < after, ahead + " s and " + after + " s");
    }

    private static double firstTraining(Settings settings) {
        return simulateCurve(bed(), settings).trace().devices().get(0).spans().stream()
                .filter(s -> s.kind() == Kind.TRAINING)
                .mapToDouble(RunTrace.Span::fromSeconds)
                .min()
                .orElseThrow();
    }
}
