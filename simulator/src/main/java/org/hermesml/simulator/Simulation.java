package org.hermesml.simulator;

import java.util.concurrent.CancellationException;
import java.util.stream.Collectors;
import org.hermesml.core.message.ByteCounters;
import org.hermesml.core.message.EndReason;
import org.hermesml.core.message.RunEnd;
import org.hermesml.core.message.RunSpec;
import org.hermesml.core.settings.Settings;
import org.hermesml.simulator.learning.Cores;
import org.hermesml.simulator.learning.EngineLearning;
import org.hermesml.simulator.learning.Learning;
import org.hermesml.simulator.testbed.Attack;
import org.hermesml.simulator.testbed.Device;
import org.hermesml.simulator.world.World;

/**
 * Simulates one run: virtual time, real training. The same scenario gives the same result and trace
 * bit for bit, however many threads compute.
 */
public final class Simulation {
    private static final int EVENTS_BETWEEN_LOOKS = 256;

    /**
     * Simulates on the calling thread.
     *
     * @throws CancellationException when {@code watcher} cancelled it
     * @throws org.hermesml.simulator.world.BrokenInvariant when something that must always hold
     *     does not
     */
    public static Simulated run(Scenario scenario, Watcher watcher) {
        try (Cores cores = new Cores(1)) {
            return run(scenario, watcher, cores);
        }
    }

    /**
     * @param cores that this run shares with others: bouts that overlap in virtual time are
     *     computed side by side on those that are free
     */
    public static Simulated run(Scenario scenario, Watcher watcher, Cores cores) {
        double tailAverage = scenario.settings().get(Settings.TAIL_AVERAGE);
        try (Learning learning = new EngineLearning(scenario.workload(), tailAverage, cores)) {
            return run(scenario, learning, watcher);
        }
    }

    /** With another way of learning than real training; it stays the caller's to close. */
    public static Simulated run(Scenario scenario, Learning learning, Watcher watcher) {
        Settings settings = scenario.settings().with(Settings.SEED, scenario.seed());
        RunSpec spec = scenario.workload().spec(settings, learning.parameterCount());
        World world = new World(scenario.charged(), spec, learning, scenario.seed());
        while (!world.isOver()) {
            if (world.events() % EVENTS_BETWEEN_LOOKS == 0) {
                if (watcher.cancelled()) {
                    throw new CancellationException("The simulation was cancelled.");
                }
                watcher.progress(world.seconds(), world.newestAccuracy());
            }
            world.step();
        }
        return new Simulated(result(scenario, settings, learning, world), world.trace());
    }

    private static RunResult result(
            Scenario scenario, Settings settings, Learning learning, World world) {
        RunEnd end = world.end();
        ByteCounters bytes = world.bytes();
        float[] weights = world.result();
        return new RunResult(
                scenario.testBed().name(),
                scenario.workload().dataset(),
                scenario.workload().model(),
                settings.get(Settings.METHOD),
                scenario.label(),
                scenario.seed(),
                settings.get(Settings.TARGET_ACCURACY),
                end.getReason() == EndReason.TARGET,
                world.seconds(),
                learning instanceof EngineLearning
                        ? IdealBound.seconds(scenario.workload(), settings, scenario.charged())
                        : Double.NaN,
                bytes.getUpdatesUp(),
                bytes.getModelsDown(),
                bytes.getDataDown(),
                bytes.getControl(),
                world.evaluatorBytes(),
                world.iterations(),
                world.pushes(),
                Math.max(0, world.version()),
                weights == null ? Double.NaN : learning.test(weights).accuracy(),
                end.getBestAccuracy(),
                world.waitingShare(),
                end.getReason().name().toLowerCase(java.util.Locale.ROOT) + ": " + end.getText(),
                scenario.testBed().devices().stream()
                        .filter(device -> device.hostile() != Attack.NONE)
                        .map(Device::name)
                        .sorted()
                        .collect(Collectors.joining(" ")),
                String.join(" ", world.expelled()));
    }

    private Simulation() {}
}
