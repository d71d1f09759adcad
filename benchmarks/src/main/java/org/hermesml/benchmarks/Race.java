package org.hermesml.benchmarks;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ObjIntConsumer;

/**
 * Contenders by turns, round after round, so that whatever else the machine does meets all of them.
 * What counts is the processor time of this process: collecting garbage is in it, other programs
 * are not.
 */
final class Race {
    private static final int WARM_UP_SLICES = 2;

    /**
     * @param samplesPerSecond median over the rounds
     * @param ratio median over the rounds of what it did to what the first one did in the same
     *     round
     */
    record Result(double samplesPerSecond, double ratio) {}

    private final int rounds;
    private final double sliceSeconds;

    Race(int rounds, double sliceSeconds) {
        this.rounds = rounds;
        this.sliceSeconds = sliceSeconds;
    }

    /**
     * @param contenders the first one is what all are compared with
     * @param work does so many batches
     * @param batch samples in one
     * @return by name
     */
    Map<String, Result> run(
            List<? extends Contender> contenders, ObjIntConsumer<Contender> work, int batch) {
        int[] slices = new int[contenders.size()];
        for (int i = 0; i < slices.length; i++) {
            slices[i] = slice(contenders.get(i), work);
        }
        double[][] rates = new double[contenders.size()][rounds];
        for (int round = 0; round < rounds; round++) {
            for (int i = 0; i < slices.length; i++) {
                double seconds = seconds(contenders.get(i), work, slices[i]);
                rates[i][round] = (double) slices[i] * batch / seconds;
            }
        }
        Map<String, Result> results = new LinkedHashMap<>();
        for (int i = 0; i < slices.length; i++) {
            double[] ratios = new double[rounds];
            for (int round = 0; round < rounds; round++) {
                ratios[round] = rates[i][round] / rates[0][round];
            }
            results.put(contenders.get(i).name(), new Result(median(rates[i]), median(ratios)));
        }
        return results;
    }

    /** Batches that take one slice of time, found by doing ever more; which also warms up. */
    private int slice(Contender contender, ObjIntConsumer<Contender> work) {
        int batches = 1;
        double taken = seconds(contender, work, batches);
        while (taken < sliceSeconds / 4) {
            batches *= 2;
            taken = seconds(contender, work, batches);
        }
        int slice = (int) Math.max(1, batches * sliceSeconds / taken);
        for (int i = 0; i < WARM_UP_SLICES; i++) {
            taken = seconds(contender, work, slice);
        }
        return (int) Math.max(1, slice * sliceSeconds / taken);
    }

    private static double seconds(
            Contender contender, ObjIntConsumer<Contender> work, int batches) {
        long start = processorNanos();
        work.accept(contender, batches);
        return Math.max(1e-6, (processorNanos() - start) / 1e9);
    }

    private static long processorNanos() {
        return ((com.sun.management.OperatingSystemMXBean)
                        ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }

    static double median(double[] values) {
        List<Double> sorted = new ArrayList<>(Arrays.stream(values).boxed().sorted().toList());
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1
                ? sorted.get(middle)
                : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }
}
