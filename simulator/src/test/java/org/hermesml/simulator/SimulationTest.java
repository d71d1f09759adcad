package org.hermesml.simulator;

import static java.util.Map.entry;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.stream.DoubleStream;
import org.hermesml.core.settings.Presets;
import org.hermesml.core.settings.Settings;
import org.hermesml.simulator.RunTrace.CurvePoint;
import org.hermesml.simulator.RunTrace.DeviceSpans;
import org.hermesml.simulator.RunTrace.Kind;
import org.hermesml.simulator.learning.Cores;
import org.hermesml.simulator.learning.CurveLearning;
import org.hermesml.simulator.testbed.Absence;
import org.hermesml.simulator.testbed.Device;
import org.hermesml.simulator.testbed.EvaluatorSite;
import org.hermesml.simulator.testbed.Link;
import org.hermesml.simulator.testbed.ServerSite;
import org.hermesml.simulator.testbed.TestBed;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SimulationTest {
    private static final double FOREVER = Double.POSITIVE_INFINITY;
    private static Workload workload;

    @BeforeAll
    static void prepareOnce() {
        workload =
                Workload.prepare(
                        "digits",
                        null,
                        "mlp",
                        Settings.of(Map.of("seed", "3", "learning_rate", "0.1")));
    }

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
        TestBed one = new TestBed("", "", three.server(), three.evaluator(), List.of(slow));
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
                Simulation.run(new Scenario(bed(), workload, settings, 4, ""), Watcher.NONE);
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
    void bytesAreThoseOfTheRecords() {
        Settings settings =
                settings("bsp", "samples", "300", "max_time", "5s", "target_accuracy", "1.1");
        RunResult full = simulate(bed(), settings, 1).result();
        RunResult half = simulate(bed(), settings.with(Settings.UPDATE_TYPE, "fp16"), 1).result();
        RunResult bytes = simulate(bed(), settings.with(Settings.UPDATE_TYPE, "int8"), 1).result();
        RunResult coarse = simulate(bed(), settings.with(Settings.MODEL_TYPE, "int8"), 1).result();
        double perPush = (double) full.bytesUp() / full.pushes();
        int parameters = workload.initialWeights().length;
        assertEquals(4.0 * parameters, perPush, 1000);
        assertEquals(2.0 * parameters, (double) half.bytesUp() / half.pushes(), 1000);
        double eighth = 260.0 / 256 * parameters;
        assertEquals(eighth, (double) bytes.bytesUp() / bytes.pushes(), 1000);
        double fullPerPush = (double) full.bytesDown() / full.pushes();
        double coarsePerPush = (double) coarse.bytesDown() / coarse.pushes();
        assertEquals(fullPerPush * 260 / 256 / 4, coarsePerPush, 0.1 * coarsePerPush);
        long held = (long) workload.heldOut().count() * 785;
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
                        "8s",
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
                new Scenario(bed(), workload, settings("asp", "target_accuracy", "1.1"), 3, "");
        assertThrows(
                CancellationException.class,
                () -> Simulation.run(scenario, CurveLearning.mnist(3), watcher));
        assertEquals(3, seen.size());
    }

    @Test
    void aRunThatNobodyComesToIsFoundToBeDead() {
        TestBed bed = bed(new Absence(0, FOREVER));
        TestBed alone =
                new TestBed(
                        "alone", "", bed.server(), bed.evaluator(), bed.devices().subList(0, 1));
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
        TestBed one =
                new TestBed(
                        "", "", three.server(), three.evaluator(), three.devices().subList(1, 2));
        double ratio =
                IdealBound.seconds(workload, settings, one)
                        / IdealBound.seconds(workload, settings, three);
        double speeds = DoubleStream.of(1, 0.5, 2).map(slower -> 1 / slower).sum() / (1 / 0.5);
        assertEquals(speeds, ratio, 1e-9);
        assertFalse(
                IdealBound.seconds(workload, settings("hermes", "target_accuracy", "1.1"), one)
                        > 0);
    }

    @Test
    void theIdealBoundIsTheSameWhateverTheRunLearnsWith() {
        Settings other = Settings.of(Map.of("seed", "3", "learning_rate", "0.3"));
        Workload faster = Workload.prepare("digits", null, "mlp", other);
        assertEquals(
                IdealBound.seconds(workload, settings("hermes", "target_accuracy", "0.9"), bed()),
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

    private static Simulated simulate(TestBed bed, Settings settings, int threads) {
        try (Cores cores = new Cores(threads)) {
            return Simulation.run(
                    new Scenario(bed, workload, settings, 3, "test"), Watcher.NONE, cores);
        }
    }

    private static Simulated simulateCurve(TestBed bed, Settings settings) {
        return Simulation.run(
                new Scenario(bed, workload, settings, 3, "test"),
                CurveLearning.mnist(3),
                Watcher.NONE);
    }

    private static Settings settings(String method, String... more) {
        Map<String, String> all =
                new TreeMap<>(
                        Map.ofEntries(
                                entry("method", method),
                                entry("patience", "1000000"),
                                entry("max_time", "60s"),
                                entry("seed", "3"),
                                entry("alpha", "-1.3"),
                                entry("samples", "2500"),
                                entry("mini_batch", "16"),
                                entry("learning_rate", "0.1"),
                                entry("tail_average", "0"),
                                entry("fill_memory", "false"),
                                entry("update_type", "fp32"),
                                entry("model_type", "fp32")));
        for (int i = 0; i < more.length; i += 2) {
            all.put(more[i], more[i + 1]);
        }
        return Settings.of(all);
    }

    /** Three devices; the first is away at these times. */
    private static TestBed bed(Absence... absences) {
        Link link = new Link(100, 100, 2);
        List<Device> devices =
                List.of(
                        device("first", 1, link, List.of(absences)),
                        device("second", 0.5, link, List.of()),
                        device("third", 2, link, List.of()));
        return new TestBed(
                "three",
                "",
                new ServerSite(1000, 1000, 20),
                new EvaluatorSite(2, 0.05, new Link(1000, 1000, 1)),
                devices);
    }

    /**
     * @param slower than the fastest would be
     */
    private static Device device(String name, double slower, Link link, List<Absence> absences) {
        return new Device(name, 5 * slower, 0.5 * slower, 0.1, List.of(), 64 << 20, link, absences);
    }
}
