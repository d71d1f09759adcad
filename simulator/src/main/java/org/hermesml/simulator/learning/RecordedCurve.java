package org.hermesml.simulator.learning;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.hermesml.simulator.Workload;
import org.hermesml.training.Engine;
import org.hermesml.training.Engine.Evaluation;
import org.hermesml.training.Engines;
import org.hermesml.training.data.Shuffle;

/**
 * Held-out loss and accuracy by samples learnt from, as recorded from one sequential training.
 *
 * @param samples ascending, the first 0; at least two, and as many losses and accuracies
 */
public record RecordedCurve(double[] samples, double[] losses, double[] accuracies) {
    /** Of the built-in network on MNIST; its first lines say how it was made. */
    public static final String MNIST = "mnist-mlp.csv";

    private static final int MINI_BATCH = 16;
    private static final int FIRST_STEPS = 50;
    private static final double GROWTH = 0.125;

    public RecordedCurve {
        if (samples.length < 2
                || samples.length != losses.length
                || samples.length != accuracies.length) {
            throw new IllegalArgumentException(
                    "A curve of "
                            + samples.length
                            + " points has "
                            + losses.length
                            + " losses and "
                            + accuracies.length
                            + " accuracies; at least two of each, as many as points, are needed.");
        }
    }

    /**
     * @param resource beside this class: lines of samples, loss and accuracy; others begin with #
     */
    public static RecordedCurve read(String resource) {
        try (BufferedReader reader =
                new BufferedReader(
                        new InputStreamReader(
                                RecordedCurve.class.getResourceAsStream(resource),
                                StandardCharsets.UTF_8))) {
            return of(reader.lines());
        } catch (IOException e) {
            throw new UncheckedIOException("The recording " + resource + " cannot be read.", e);
        }
    }

    /** Reads what {@link #lines} wrote; lines that begin with # are skipped. */
    static RecordedCurve of(Stream<String> lines) {
        return of(
                lines.filter(line -> !line.startsWith("#"))
                        .map(line -> line.split(","))
                        .map(cells -> Stream.of(cells).mapToDouble(Double::parseDouble).toArray())
                        .toList());
    }

    private static RecordedCurve of(List<double[]> points) {
        return new RecordedCurve(column(points, 0), column(points, 1), column(points, 2));
    }

    private static double[] column(List<double[]> points, int column) {
        return points.stream().mapToDouble(point -> point[column]).toArray();
    }

    /**
     * Trains sequentially, in mini-batches of 16, and looks ever less often: after 50 steps first,
     * then whenever an eighth more samples are learnt from.
     *
     * @param passes over the training part
     */
    static RecordedCurve record(Workload workload, int passes) {
        List<double[]> points = new ArrayList<>();
        SplittableRandom random = new SplittableRandom(workload.seed());
        int[] order = Shuffle.identity(workload.training().count());
        try (Engine engine = Engines.open(workload.definition(), workload.terms())) {
            engine.writeParameters(workload.initialWeights());
            points.add(point(0, engine.evaluate(workload.heldOut())));
            long learnt = 0;
            for (int pass = 0; pass < passes; pass++) {
                Shuffle.shuffle(order, random);
                int first = 0;
                while (first < order.length) {
                    int steps = (int) Math.max(FIRST_STEPS, learnt * GROWTH / MINI_BATCH);
                    int end = Math.min(order.length, first + steps * MINI_BATCH);
                    int[] drawn = java.util.Arrays.copyOfRange(order, first, end);
                    engine.train(workload.training(), drawn, 1, MINI_BATCH, random.nextLong());
                    learnt += end - first;
                    first = end;
                    points.add(point(learnt, engine.evaluate(workload.heldOut())));
                }
            }
        }
        return of(points);
    }

    private static double[] point(long learnt, Evaluation found) {
        return new double[] {learnt, found.loss(), found.accuracy()};
    }

    /** As {@link #of(Stream)} takes it. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < samples.length; i++) {
            lines.add(
                    String.format(
                            Locale.ROOT, "%.0f,%.5f,%.4f", samples[i], losses[i], accuracies[i]));
        }
        return lines;
    }
}
