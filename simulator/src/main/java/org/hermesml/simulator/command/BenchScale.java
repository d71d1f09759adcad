package org.hermesml.simulator.command;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import org.hermesml.core.InputException;
import org.hermesml.core.settings.Settings;
import org.hermesml.simulator.RunResult;
import org.hermesml.simulator.Scenario;
import org.hermesml.simulator.Simulation;
import org.hermesml.simulator.Watcher;
import org.hermesml.simulator.Workload;
import org.hermesml.simulator.campaign.Variant;
import org.hermesml.simulator.campaign.VariantNames;
import org.hermesml.simulator.learning.Cores;
import org.hermesml.simulator.learning.CurveLearning;
import org.hermesml.simulator.testbed.Device;
import org.hermesml.simulator.testbed.ServerSite;
import org.hermesml.simulator.testbed.TestBed;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code hermes bench scale}: how simulating grows with the number of devices. */
@Command(name = "scale")
final class BenchScale implements Callable<Integer> {
    /** Enough to see every rule at work; the whole way to 97% says nothing more about growth. */
    private static final Map<String, String> SHORT =
            Map.of(Settings.MAX_VERSIONS.key(), "1000", Settings.MAX_TIME.key(), "10m");

    private static final String LINE = "  %9s  %-9s  %10s  %10s  %12s  %10s  %s%n";

    @Mixin private HarnessOptions options;

    @Option(names = "--devices", paramLabel = "N,...", split = ",")
    private int[] trained = {10, 100, 1000};

    @Option(names = "--recorded", paramLabel = "N,...", split = ",")
    private int[] recorded = {10_000};

    @Override
    public Integer call() {
        options.workload.check();
        try (Interruption interruption = Interruption.install(options.workload.endWithStdin);
                Cores cores = new Cores(options.jobs())) {
            return measureAll(interruption, cores);
        } catch (CancellationException e) {
            return Interruption.CODE;
        }
    }

    private int measureAll(Interruption interruption, Cores cores) {
        Variant hermes =
                new VariantNames(new CorePresets(), common(), options.overrides())
                        .variant("hermes", "hermes", "defaults", Map.of());
        Settings settings = hermes.settings().with(Settings.SEED, options.seed);
        TestBed kinds = kinds();
        Workload workload = options.workload.open(cores).workload(settings);
        System.out.printf(
                LINE,
                "devices",
                "training",
                "real time",
                "memory",
                "virtual time",
                "iterations",
                "end");
        for (int devices : trained) {
            Scenario scenario = scenario(kinds, devices, workload, settings);
            measure(
                    interruption,
                    devices,
                    "real",
                    watcher -> Simulation.run(scenario, watcher, cores).result());
        }
        // Recorded weights say how much was learnt: a fast device's are many times a slow one's.
        Settings anyNorm = settings.with(Settings.NORM_LIMIT, CurveLearning.ANY_NORM);
        for (int devices : recorded) {
            Scenario scenario = scenario(kinds, devices, workload, anyNorm);
            try (CurveLearning curve = CurveLearning.mnist(options.seed)) {
                measure(
                        interruption,
                        devices,
                        "recorded",
                        watcher -> Simulation.run(scenario, curve, watcher).result());
            }
        }
        return 0;
    }

    private TestBed kinds() {
        List<TestBed> named = options.testBeds("twelve");
        if (named.size() > 1) {
            throw new InputException(
                    "--testbed names "
                            + named.size()
                            + " test beds; name the one whose kinds of devices to take.");
        }
        return named.get(0);
    }

    private Map<String, String> common() {
        Map<String, String> common = new LinkedHashMap<>(options.common());
        common.putAll(SHORT);
        return common;
    }

    private static void measure(
            Interruption interruption, int devices, String training, Simulated simulated) {
        LiveMemory memory = new LiveMemory(interruption);
        long start = System.nanoTime();
        RunResult result = simulated.run(memory);
        double seconds = (System.nanoTime() - start) / 1e9;
        System.out.printf(
                Locale.ROOT,
                LINE,
                String.format(Locale.ROOT, "%,d", devices),
                training,
                Progress.duration(seconds),
                String.format(Locale.ROOT, "%,d MB", memory.mostBytes() / 1_000_000),
                String.format(Locale.ROOT, "%.4g s", result.seconds()),
                String.format(Locale.ROOT, "%,d", result.iterations()),
                result.end());
    }

    /** As many devices as asked for, of the kinds of {@code bed} in turn. */
    private static Scenario scenario(TestBed bed, int count, Workload workload, Settings settings) {
        List<Device> devices = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Device kind = bed.devices().get(i % bed.devices().size());
            devices.add(kind.named(kind.name() + "-" + i));
        }
        TestBed larger =
                new TestBed(
                        bed.name() + " of " + count,
                        bed.description(),
                        server(bed, count),
                        bed.evaluator(),
                        devices);
        return new Scenario(larger, workload, settings, settings.get(Settings.SEED), "defaults");
    }

    /** A line as wide for each device: else thousands would wait for their data, and do nothing. */
    private static ServerSite server(TestBed bed, int count) {
        double times = Math.max(1, (double) count / bed.devices().size());
        ServerSite site = bed.server();
        return new ServerSite(site.outMbit() * times, site.inMbit() * times, site.hopMs());
    }

    /** A simulation that is ready to run. */
    private interface Simulated {
        RunResult run(Watcher watcher);
    }

    /** What is alive, looked at now and then right after the collector has run. */
    private static final class LiveMemory implements Watcher {
        private static final long EVERY_NS = 2_000_000_000L;

        private final Interruption interruption;
        private long looked = System.nanoTime();
        private long most;

        LiveMemory(Interruption interruption) {
            this.interruption = interruption;
        }

        @Override
        public void progress(double seconds, double heldOutAccuracy) {
            if (System.nanoTime() - looked > EVERY_NS) {
                look();
            }
        }

        @Override
        public boolean cancelled() {
            return interruption.asked();
        }

        long mostBytes() {
            if (most == 0) {
                look();
            }
            return most;
        }

        private void look() {
            System.gc();
            Runtime runtime = Runtime.getRuntime();
            most = Math.max(most, runtime.totalMemory() - runtime.freeMemory());
            looked = System.nanoTime();
        }
    }
}
