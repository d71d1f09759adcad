package org.hermesml.simulator;

import static org.hermesml.simulator.DigitRuns.bed;
import static org.hermesml.simulator.DigitRuns.settings;
import static org.hermesml.simulator.DigitRuns.simulate;
import static org.hermesml.simulator.DigitRuns.simulateCurve;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.stream.DoubleStream;
import org.hermesml.core.settings.Presets;
import org.hermesml.core.settings.Settings;
import org.hermesml.simulator.RunTrace.CurvePoint;
import org.hermesml.simulator.RunTrace.DeviceSpans;
import org.hermesml.simulator.RunTrace.Kind;
import org.hermesml.simulator.learning.CurveLearning;
import org.hermesml.simulator.testbed.Absence;
import org.hermesml.simulator.testbed.TestBed;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SimulationTest {
    private static final double FOREVER = Double.POSITIVE_INFINITY;

    static List<String> methods() {
        return Presets.METHODS;
    }

    @Test
    void hermesLearnsTheDigits() {
        RunResult result =
                simulate(bed(), settings("hermes", "target_accuracy", "0.9"), 1).result();
        assertTrue(result.reached(), result.end());
        assertTrue(result.accuracy() > 0.85, result.toString());
        assertTrue(result.seconds() > result.idealSeconds(), result.toString());
        assertTrue(result.pushes() < result.iterations(), result.toString());
        assertTrue(result.bytesDown() > result.bytesUp(), "who pushes pulls, and all pull once");
    }

    @Test
    void hermesLearnsTheDigitsWithItsDefaults() {
        Settings defaults =
                Settings.of(Map.of("seed", "3", "max_time", "60s", "target_accuracy", "0.9"));
        RunResult result = simulate(bed(), defaults, 1).result();
        assertTrue(result.reached(), result.end());
        assertTrue(result.accuracy() > 0.85, result.toString());
        assertTrue(result.bytesUp() > 0, result.toString());
        assertTrue(result.bytesUp() < 1.1 * result.pushes() * 110_000, "a byte a parameter");
    }

    @ParameterizedTest
    @ValueSource(strings = {"hermes", "bsp", "ssp", "selsync", "fedbuff"})
    void aRunIsTheSameBitForBitHoweverManyThreadsCompute(String method) {
        Settings settings =
                settings(method, "samples", "300", "max_time", "6s", "target_accuracy", "1.1");
        Simulated once = simulate(bed(), settings, 1);
        Simulated again = simulate(bed(), settings, 1);
        Simulated side = simulate(bed(), settings, 2);
        assertTrue(once.result().iterations() > 15, once.result().toString());
        assertEquals(once, again);
        assertEquals(once, side);
        Simulated other =
                Simulation.run(
                        new Scenario(bed(), DigitRuns.WORKLOAD, settings, 4, ""), Watcher.NONE);
        assertNotEquals(once.trace(), other.trace());
    }

    @ParameterizedTest
    @MethodSource("methods")
    void whoVanishesHoldsNobodyBeyondItsDeadline(String method) {
        double vanishes = 10;
        // Ten iterations of 0.5 s, or the floor; then the round or the wait that it held ends.
        double deadline = 8;
        TestBed bed = bed(new Absence(vanishes, FOREVER));
        Settings settings =
                settings(
                        method,
                        "samples",
                        "300",
                        "allocation",
                        "false",
                        "silence_floor",
                        "2s",
                        "push_deadline",
                        "4s",
                        "max_time",
                        "40s",
                        "target_accuracy",
                        "1.1");
        Simulated run = simulateCurve(bed, settings);
        for (DeviceSpans device : run.trace().devices()) {
            boolean gone = device.device().equals("first");
            double last = lastTraining(device);
            assertTrue(
                    gone ? last <= vanishes : last > 35,
                    method + ": " + device.device() + " " + last);
            assertTrue(gone || longestWait(device) < deadline, method + ": " + device.device());
        }
        // With the curve nothing changes so much that selsync asks, and local never pushes here.
        boolean pushes = !method.equals("local") && !method.equals("selsync");
        double lastVersion =
                run.trace().curve().stream().mapToDouble(CurvePoint::seconds).max().orElse(0);
        assertTrue(!pushes || lastVersion > vanishes + deadline, method + ": " + lastVersion);
    }

    @ParameterizedTest
    @MethodSource("methods")
    void whoComesBackTakesPartAgain(String method) {
        TestBed bed = bed(new Absence(0, 4), new Absence(10, 20));
        Settings settings =
                settings(
                        method,
                        "samples",
                        "300",
                        "silence_floor",
                        "2s",
                        "max_time",
                        "40s",
                        "target_accuracy",
                        "1.1");
        Simulated run = simulateCurve(bed, settings);
        DeviceSpans first = run.trace().devices().get(0);
        assertTrue(lastTraining(first) > 35, method + ": " + lastTraining(first));
        assertEquals(
                14,
                first.spans().stream()
                        .filter(s -> s.kind() == Kind.AWAY)
                        .mapToDouble(s -> s.toSeconds() - s.fromSeconds())
                        .sum(),
                1e-6);
    }

    @Test
    void aCancelledRunHasNoResult() {
        List<Double> seen = new ArrayList<>();
        Watcher watcher =
                new Watcher() {
                    @Override
                    public void progress(double seconds, double heldOutAccuracy) {
                        seen.add(seconds);
                    }

                    @Override
                    public boolean cancelled() {
                        return seen.size() == 3;
                    }
                };
        Scenario scenario =
                new Scenario(
                        bed(),
                        DigitRuns.WORKLOAD,
                        settings("asp", "target_accuracy", "1.1"),
                        3,
                        "");
        assertThrows(
                CancellationException.class,
                () -> Simulation.run(scenario, CurveLearning.mnist(3), watcher));
        assertEquals(3, seen.size());
    }

    @Test
    void aRunThatNobodyComesToIsFoundToBeDead() {
        TestBed bed = bed(new Absence(0, FOREVER));
        TestBed alone = bed.with(bed.devices().subList(0, 1));
        RuntimeException broken =
                assertThrows(
                        RuntimeException.class,
                        () -> simulateCurve(alone, settings("asp", "min_workers", "1")));
        assertTrue(broken.getMessage().contains("Seed 3"), broken.getMessage());
        assertTrue(broken.getMessage().contains("nothing is left"), broken.getMessage());
    }

    @Test
    void theIdealBoundShrinksWithTheSpeedOfAllDevices() {
        Settings settings = settings("hermes", "target_accuracy", "0.9");
        TestBed three = bed();
        TestBed one = three.with(three.devices().subList(1, 2));
        double ratio =
                IdealBound.seconds(DigitRuns.WORKLOAD, settings, one)
                        / IdealBound.seconds(DigitRuns.WORKLOAD, settings, three);
        double speeds = DoubleStream.of(1, 0.5, 2).map(slower -> 1 / slower).sum() / (1 / 0.5);
        assertEquals(speeds, ratio, 1e-9);
        assertFalse(
                IdealBound.seconds(
                                DigitRuns.WORKLOAD,
                                settings("hermes", "target_accuracy", "1.1"),
                                one)
                        > 0);
    }

    @Test
    void theIdealBoundIsTheSameWhateverTheRunLearnsWith() {
        Settings other = Settings.of(Map.of("seed", "3", "learning_rate", "0.3"));
        Workload faster = Workload.prepare("digits", null, "mlp", other);
        assertEquals(
                IdealBound.seconds(
                        DigitRuns.WORKLOAD, settings("hermes", "target_accuracy", "0.9"), bed()),
                IdealBound.seconds(
                        faster,
                        settings(
                                "hermes",
                                "target_accuracy",
                                "0.9",
                                "mini_batch",
                                "64",
                                "learning_rate",
                                "0.3"),
                        bed()));
    }

    @Test
    void theIdealBoundOfOnePartitionIsNotTakenForThatOfAnother() {
        Settings iid = settings("hermes", "target_accuracy", "0.9");
        Settings labels = iid.with(Settings.PARTITION, "labels");
        Workload sorted = Workload.prepare("digits", null, "mlp", labels);
        // By another name nothing is known of it.
        Workload unknown =
                new Workload(
                        "the same",
                        sorted.model(),
                        sorted.training(),
                        sorted.heldOut(),
                        sorted.test(),
                        sorted.definition(),
                        sorted.terms(),
                        sorted.idealDefinition(),
                        sorted.initialWeights(),
                        sorted.stepCost(),
                        sorted.seed());
        double ofIid = IdealBound.seconds(DigitRuns.WORKLOAD, iid, bed());
        double alone = IdealBound.seconds(unknown, labels, bed());
        assertNotEquals(ofIid, alone, "else this shows nothing");
        assertEquals(alone, IdealBound.seconds(sorted, labels, bed()));
    }

    @Test
    void withoutItsGateHermesPushesEachIteration() {
        RunResult result =
                simulateCurve(
                                bed(),
                                settings(
                                        "hermes",
                                        "gate",
                                        "false",
                                        "max_versions",
                                        "30",
                                        "target_accuracy",
                                        "1.1"))
                        .result();
        assertTrue(result.versions() >= 30, result.toString());
        assertTrue(result.pushes() >= result.iterations() - 3, result.toString());
    }

    private static double lastTraining(DeviceSpans device) {
        return device.spans().stream()
                .filter(s -> s.kind() == Kind.TRAINING)
                .mapToDouble(RunTrace.Span::toSeconds)
                .max()
                .orElse(0);
    }

    private static double longestWait(DeviceSpans device) {
        return device.spans().stream()
                .filter(s -> s.kind() == Kind.WAITING)
                .mapToDouble(s -> s.toSeconds() - s.fromSeconds())
                .max()
                .orElse(0);
    }
}
