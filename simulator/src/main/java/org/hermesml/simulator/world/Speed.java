package org.hermesml.simulator.world;

import java.util.List;
import java.util.SplittableRandom;
import org.hermesml.simulator.testbed.Device;
import org.hermesml.simulator.testbed.SlowPhase;

/**
 * How long work takes on one device. Training of b samples a step takes a fixed part and a part for
 * each sample; an evaluation passes forward only and takes a third of both, 256 samples a step.
 */
final class Speed {
    private static final int EVALUATION_BATCH = 256;
    private static final int FORWARD_SHARE = 3;

    private final double fixedMs;
    private final double perSampleMs;
    private final double jitter;
    private final List<SlowPhase> slowPhases;
    private final SplittableRandom random;

    Speed(
            double fixedMs,
            double perSampleMs,
            double jitter,
            List<SlowPhase> slowPhases,
            long seed) {
        this.fixedMs = fixedMs;
        this.perSampleMs = perSampleMs;
        this.jitter = jitter;
        this.slowPhases = slowPhases;
        this.random = new SplittableRandom(seed);
    }

    /**
     * @param seed of the jitter
     */
    static Speed of(Device device, long seed) {
        return new Speed(
                device.stepFixedMs(),
                device.stepPerSampleMs(),
                device.jitter(),
                device.slowPhases(),
                seed);
    }

    /** When a bout of training that starts at {@code startNs} is done. Draws its jitter. */
    long trained(long startNs, int samples, int miniBatch, int epochs) {
        int steps = (samples + miniBatch - 1) / miniBatch;
        double ms = epochs * (steps * fixedMs + samples * perSampleMs);
        double spread = jitter == 0 ? 1 : 1 + jitter * (2 * random.nextDouble() - 1);
        return done(startNs, ms * spread * 1e6);
    }

    long evaluated(long startNs, int samples) {
        int steps = (samples + EVALUATION_BATCH - 1) / EVALUATION_BATCH;
        double ms = (steps * fixedMs + samples * perSampleMs) / FORWARD_SHARE;
        return done(startNs, ms * 1e6);
    }

    /** Slow phases stretch the part of the work that falls into them. */
    private long done(long startNs, double workNs) {
        double now = startNs;
        double left = workNs;
        for (SlowPhase phase : slowPhases) {
            double from = phase.fromSeconds() * 1e9;
            double to = phase.toSeconds() * 1e9;
            if (to <= now) {
                continue;
            }
            double before = Math.max(0, from - now);
            if (left <= before) {
                break;
            }
            left -= before;
            now += before;
            double within = (to - now) / phase.factor();
            if (left <= within) {
                return Math.round(now + left * phase.factor());
            }
            left -= within;
            now = to;
        }
        return Math.round(now + left);
    }
}
