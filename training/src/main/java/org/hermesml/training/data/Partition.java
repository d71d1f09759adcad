package org.hermesml.training.data;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import org.hermesml.core.settings.Settings;
import org.hermesml.training.Samples;

/**
 * The order in which training samples lie, and so which of them lie together in a block: at random,
 * or in parts of one size each, whose classes are out of proportion. Ten workers then own a part
 * each, as in McMahan et al., AISTATS 2017 ({@code labels}: two stretches of the samples in order
 * of their classes), and Hsu, Qi, Brown 2019, arXiv 1909.06335 ({@code dirichlet}).
 */
public final class Partition {
    static final int PARTS = 10;

    /**
     * @param training in random order
     * @return the same samples
     */
    static Samples order(Samples training, Settings settings) {
        long seed = settings.get(Settings.SEED);
        return switch (settings.get(Settings.PARTITION)) {
            case "labels" -> new Subset(training, labels(training, seed));
            case "dirichlet" ->
                    new Subset(
                            training,
                            dirichlet(training, settings.get(Settings.DIRICHLET_ALPHA), seed));
            default -> training;
        };
    }

    private static int[] labels(Samples training, long seed) {
        int[] sorted = new int[training.count()];
        int next = 0;
        for (Deque<Integer> ofClass : byClass(training)) {
            for (int sample : ofClass) {
                sorted[next++] = sample;
            }
        }
        int[] order = new int[sorted.length];
        next = 0;
        SplittableRandom random = new SplittableRandom(seed);
        for (int part = 0; part < PARTS; part++) {
            int first = next;
            for (int half = part; half < 2 * PARTS; half += PARTS) {
                long from = (long) half * sorted.length / (2 * PARTS);
                long to = (half + 1L) * sorted.length / (2 * PARTS);
                for (long i = from; i < to; i++) {
                    order[next++] = sorted[(int) i];
                }
            }
            mix(order, first, next, random);
        }
        return order;
    }

    private static int[] dirichlet(Samples training, double alpha, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Deque<Integer>> left = byClass(training);
        int[] order = new int[training.count()];
        int next = 0;
        for (int part = 0; part < PARTS; part++) {
            double[] shares = new double[left.size()];
            for (int c = 0; c < shares.length; c++) {
                shares[c] = Gamma.draw(alpha, random);
            }
            long end = (part + 1L) * order.length / PARTS;
            while (next < end) {
                order[next++] = left.get(drawn(shares, left, random)).remove();
            }
        }
        return order;
    }

    /** A class of which something is left, with the probability of its share among these. */
    private static int drawn(double[] shares, List<Deque<Integer>> left, SplittableRandom random) {
        double sum = 0;
        for (int c = 0; c < shares.length; c++) {
            sum += left.get(c).isEmpty() ? 0 : shares[c];
        }
        double point = random.nextDouble() * sum;
        int last = -1;
        for (int c = 0; c < shares.length; c++) {
            if (left.get(c).isEmpty()) {
                continue;
            }
            last = c;
            point -= shares[c];
            if (point < 0) {
                break;
            }
        }
        return last;
    }

    private static List<Deque<Integer>> byClass(Samples training) {
        List<Deque<Integer>> classes = new ArrayList<>();
        for (int c = 0; c < training.classCount(); c++) {
            classes.add(new ArrayDeque<>());
        }
        for (int i = 0; i < training.count(); i++) {
            classes.get(training.label(i)).add(i);
        }
        return classes;
    }

    private static void mix(int[] order, int from, int to, SplittableRandom random) {
        int[] part = Arrays.copyOfRange(order, from, to);
        Shuffle.shuffle(part, random);
        System.arraycopy(part, 0, order, from, part.length);
    }

    private Partition() {}
}
