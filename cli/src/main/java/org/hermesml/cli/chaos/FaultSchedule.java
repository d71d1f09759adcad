package org.hermesml.cli.chaos;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Random;

/**
 * What goes wrong, and when: the same seed gives the same faults. Each target has its turn before
 * any has its next. Pure.
 */
final class FaultSchedule {
    private static final double KILLS = 0.8;
    private static final double OVERLAPS = 0.15;

    /**
     * One fault.
     *
     * @param pick which of several processes of the target, in [0, 1)
     * @param kill or else a pause
     * @param lasts of a pause
     * @param quiet time before it
     * @param overlaps whether the next fault comes without waiting for the recovery from this one
     */
    record Fault(
            Target target,
            double pick,
            boolean kill,
            Duration lasts,
            Duration quiet,
            boolean overlaps) {}

    private final Random random;
    private final List<Target> targets;
    private final Deque<Target> turn = new ArrayDeque<>();

    FaultSchedule(List<Target> targets, long seed) {
        this.targets = List.copyOf(targets);
        this.random = new Random(seed);
    }

    Fault next() {
        if (turn.isEmpty()) {
            List<Target> order = new ArrayList<>(targets);
            Collections.shuffle(order, random);
            turn.addAll(order);
        }
        return new Fault(
                turn.remove(),
                random.nextDouble(),
                random.nextDouble() < KILLS,
                between(500, 12_000),
                between(500, 6_000),
                random.nextDouble() < OVERLAPS);
    }

    private Duration between(int leastMs, int mostMs) {
        return Duration.ofMillis(leastMs + random.nextInt(mostMs - leastMs));
    }
}
