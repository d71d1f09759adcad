package org.hermesml.simulator;

import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import org.hermesml.core.BuiltIns;
import org.hermesml.core.settings.Settings;
import org.hermesml.simulator.testbed.Device;
import org.hermesml.simulator.testbed.TestBed;
import org.hermesml.training.Engine;
import org.hermesml.training.EngineTerms;
import org.hermesml.training.Engines;
import org.hermesml.training.TrainingException;
import org.hermesml.training.data.Shuffle;

/**
 * What no method can beat by dividing the same work: sequential SGD, run at the summed speed of all
 * devices of a test bed, with nothing to transfer, to evaluate or to wait for. Any thread.
 */
public final class IdealBound {
    /** Of the paper and of all authors' presets, whatever a run itself is set to. */
    private static final int MINI_BATCH = 16;

    private static final int STEPS_BETWEEN_LOOKS = 50;
    private static final int MOST_EPOCHS = 40;
    private static final Map<Key, Long> STEPS = new ConcurrentHashMap<>();

    /** What the number of steps depends on. */
    private record Key(
            String dataset,
            String model,
            int samples,
            String partition,
            double dirichletAlpha,
            int heldOut,
            long seed,
            double target) {}

    /**
     * As {@link #MINI_BATCH}: runs are compared by one bound, which must not move with what is
     * compared. The deep network learns nothing at that rate, and gets one at which it does.
     *
     * @param nameOrPath of the model
     */
    static double learningRate(String nameOrPath) {
        return nameOrPath.equals(BuiltIns.ALEXNET) ? 0.02 : 0.1;
    }

    /**
     * Seconds to the target accuracy of {@code settings} on the held-out samples. Computed once for
     * each seed and partition and kept; the first time takes seconds.
     *
     * @return NaN where the target is out of reach
     */
    public static double seconds(Workload workload, Settings settings, TestBed testBed) {
        double stepsPerSecond = 0;
        for (Device device : testBed.devices()) {
            stepsPerSecond += 1000 / (device.stepFixedMs() + device.stepPerSampleMs() * MINI_BATCH);
        }
        long steps = steps(workload, settings);
        return steps < 0 ? Double.NaN : steps / stepsPerSecond;
    }

    /** Mini-batch steps; -1 where the target is out of reach. */
    private static long steps(Workload workload, Settings settings) {
        Key key =
                new Key(
                        workload.dataset(),
                        workload.model(),
                        workload.training().count(),
                        settings.get(Settings.PARTITION),
                        settings.get(Settings.DIRICHLET_ALPHA),
                        workload.heldOut().count(),
                        workload.seed(),
                        settings.get(Settings.TARGET_ACCURACY));
        return STEPS.computeIfAbsent(key, k -> count(workload, k));
    }

    /** The built-in models have their rate in their definition, others take it from here. */
    private static Engine open(Workload workload) {
        EngineTerms terms = workload.terms();
        return Engines.open(
                workload.idealDefinition(),
                new EngineTerms(terms.engine(), learningRate(workload.model()), terms.threads()));
    }

    private static long count(Workload workload, Key key) {
        if (key.target > 1) {
            return -1;
        }
        SplittableRandom random = new SplittableRandom(key.seed);
        int[] order = Shuffle.identity(workload.training().count());
        int bout = STEPS_BETWEEN_LOOKS * MINI_BATCH;
        long steps = 0;
        try (Engine engine = open(workload)) {
            for (int epoch = 0; epoch < MOST_EPOCHS; epoch++) {
                Shuffle.shuffle(order, random);
                for (int first = 0; first < order.length; first += bout) {
                    int[] drawn =
                            Arrays.copyOfRange(order, first, Math.min(order.length, first + bout));
                    steps +=
                            engine.train(
                                            workload.training(),
                                            drawn,
                                            1,
                                            MINI_BATCH,
                                            random.nextLong())
                                    .steps();
                    if (engine.evaluate(workload.heldOut()).accuracy() >= key.target) {
                        return steps;
                    }
                }
            }
            return -1;
        } catch (TrainingException e) {
            return -1;
        }
    }

    private IdealBound() {}
}
