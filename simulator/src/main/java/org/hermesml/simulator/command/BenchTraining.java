package org.hermesml.simulator.command;

import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.hermesml.core.settings.EngineNames;
import org.hermesml.core.settings.Settings;
import org.hermesml.simulator.Workload;
import org.hermesml.simulator.learning.Cores;
import org.hermesml.training.Engine;
import org.hermesml.training.Engines;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code hermes bench training}: samples per second of the engines on this machine. */
@Command(name = "training")
final class BenchTraining implements Callable<Integer> {
    private static final int SAMPLES = 10_000;
    private static final int REPEATS = 3;
    private static final int SMALL = 16;
    private static final int LARGE = 64;

    @Mixin private WorkloadOptions options;

    @Override
    public Integer call() {
        options.check();
        Workload workload;
        try (Cores cores = new Cores(1)) {
            workload = options.open(cores).workload(Settings.defaults());
        }
        System.out.println("samples/s on one thread, best of " + REPEATS);
        measure(
                "deeplearning4j",
                Engines.open(workload.definition(), workload.terms().with(EngineNames.DL4J)),
                workload);
        measure("simulator", Engines.open(workload.definition(), workload.terms()), workload);
        return 0;
    }

    private static void measure(String name, Engine engine, Workload workload) {
        try (engine) {
            int count = samples(workload);
            int[] order = IntStream.range(0, count).toArray();
            double small = rate(count, () -> train(engine, workload, order, SMALL));
            double large = rate(count, () -> train(engine, workload, order, LARGE));
            System.out.printf(
                    Locale.ROOT,
                    "  %-16s training at %d: %,9.0f   at %d: %,9.0f   evaluation: %,9.0f%n",
                    name,
                    SMALL,
                    small,
                    LARGE,
                    large,
                    rate(workload.heldOut().count(), () -> engine.evaluate(workload.heldOut())));
            double perSampleMs = 1000 * (LARGE / large - SMALL / small) / (LARGE - SMALL);
            System.out.printf(
                    Locale.ROOT,
                    "  %-16s a step takes %.3g ms and %.3g ms for each sample%n",
                    "",
                    1000 * SMALL / small - SMALL * perSampleMs,
                    perSampleMs);
        }
    }

    /** Fewer of a model that takes longer, in whole steps. */
    private static int samples(Workload workload) {
        double most = SAMPLES / Math.max(1, workload.stepCost().perSampleFactor() / 4);
        int count = Math.min((int) most, workload.training().count());
        return Math.max(LARGE, count - count % LARGE);
    }

    private static void train(Engine engine, Workload workload, int[] order, int miniBatch) {
        engine.train(workload.training(), order, 1, miniBatch, 1);
    }

    private static double rate(int samples, Runnable work) {
        double best = 0;
        for (int i = 0; i <= REPEATS; i++) {
            long start = System.nanoTime();
            work.run();
            best = Math.max(best, samples / ((System.nanoTime() - start) / 1e9));
        }
        return best;
    }
}
