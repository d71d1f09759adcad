package org.hermesml.core.allocation;

import java.nio.charset.StandardCharsets;

/** A seed for each worker of a run: the same on every machine, different for every name. */
final class WorkerSeed {
    static long of(long runSeed, String worker) {
        long seed = mix(runSeed);
        for (byte b : worker.getBytes(StandardCharsets.UTF_8)) {
            seed = mix(seed ^ b & 0xff);
        }
        return seed;
    }

    /** The finaliser of SplitMix64 (Steele, Lea, Flood, 2014). */
    private static long mix(long x) {
        long z = x + 0x9e3779b97f4a7c15L;
        z = (z ^ z >>> 30) * 0xbf58476d1ce4e5b9L;
        z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
        return z ^ z >>> 31;
    }

    private WorkerSeed() {}
}
