package org.hermesml.simulator;

import static java.util.Map.entry;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.hermesml.core.settings.Settings;
import org.hermesml.simulator.learning.Cores;
import org.hermesml.simulator.learning.CurveLearning;
import org.hermesml.simulator.testbed.Absence;
import org.hermesml.simulator.testbed.Attack;
import org.hermesml.simulator.testbed.Device;
import org.hermesml.simulator.testbed.EvaluatorSite;
import org.hermesml.simulator.testbed.Link;
import org.hermesml.simulator.testbed.ServerSite;
import org.hermesml.simulator.testbed.TestBed;

/** Short runs on the built-in digits, three devices each. */
final class DigitRuns {
    /** Immutable: what is learnt by all of them. */
    static final Workload WORKLOAD =
            Workload.prepare(
                    "digits",
                    null,
                    "mlp",
                    Settings.of(Map.of("seed", "3", "learning_rate", "0.1")));

    static Simulated simulate(TestBed bed, Settings settings, int threads) {
        try (Cores cores = new Cores(threads)) {
            return Simulation.run(
                    new Scenario(bed, WORKLOAD, settings, 3, "test"), Watcher.NONE, cores);
        }
    }

    static Simulated simulateCurve(TestBed bed, Settings settings) {
        Settings anyNorm = settings.with(Settings.NORM_LIMIT, CurveLearning.ANY_NORM);
        return Simulation.run(
                new Scenario(bed, WORKLOAD, anyNorm, 3, "test"),
                CurveLearning.mnist(3),
                Watcher.NONE);
    }

    static Settings settings(String method, String... more) {
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
    static TestBed bed(Absence... absences) {
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
    static Device device(String name, double slower, Link link, List<Absence> absences) {
        return new Device(
                name,
                5 * slower,
                0.5 * slower,
                0.1,
                List.of(),
                64 << 20,
                link,
                absences,
                Attack.NONE);
    }

    private DigitRuns() {}
}
