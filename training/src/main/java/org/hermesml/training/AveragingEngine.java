package org.hermesml.training;

import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import org.hermesml.training.data.Shuffle;

/**
 * Tail averaging: a bout of training ends with the mean of the weights at up to {@value #POINTS}
 * equally spaced points of the last part of its last pass, the last point at its end. A mean of
 * several points lies nearer to where plain SGD wanders about than any one of them (Polyak,
 * Juditsky, SIAM J. Control Optim. 30(4), 1992; Izmailov et al., UAI 2018). Training, evaluation
 * and pushes go on from the mean. Reading {@value #POINTS} copies of the parameters takes no time
 * worth charging: 0.1 ms for a million.
 *
 * <p>The last pass is cut into bouts of whole mini-batches, so the engine beneath draws another
 * order than it would have drawn by itself.
 */
public final class AveragingEngine implements Engine {
    static final int POINTS = 8;

    private final Engine engine;
    private final double tail;
    private final float[] now;
    private final float[] mean;

    private AveragingEngine(Engine engine, double tail) {
        this.engine = engine;
        this.tail = tail;
        this.now = new float[engine.parameterCount()];
        this.mean = new float[engine.parameterCount()];
    }

    /**
     * @param engine is closed with this one
     * @param tail fraction of the steps of a pass, 0 to 1; with 0 {@code engine} itself is returned
     */
    public static Engine of(Engine engine, double tail) {
        return tail > 0 ? new AveragingEngine(engine, tail) : engine;
    }

    @Override
    public TrainingResult train(
            Samples samples, int[] drawn, int epochs, int miniBatch, long seed) {
        int[] ends =
                miniBatch < 1
                        ? new int[0]
                        : points(Bout.steps(drawn.length, miniBatch, leastSamples()), tail);
        if (ends.length < 2 || epochs < 1) {
            return engine.train(samples, drawn, epochs, miniBatch, seed);
        }
        SplittableRandom random = new SplittableRandom(seed);
        long before = 0;
        if (epochs > 1) {
            before = engine.train(samples, drawn, epochs - 1, miniBatch, random.nextLong()).steps();
        }
        int[] order = drawn.clone();
        Shuffle.shuffle(order, random);
        Arrays.fill(mean, 0);
        double sum = 0;
        long steps = 0;
        int first = 0;
        for (int end : ends) {
            int last = end == ends[ends.length - 1] ? order.length : end * miniBatch;
            int[] part = Arrays.copyOfRange(order, first, last);
            TrainingResult result;
            try {
                result = engine.train(samples, part, 1, miniBatch, random.nextLong());
            } catch (TrainingException e) {
                throw e.after(before + steps, epochs - 1);
            }
            sum += result.loss() * result.steps();
            steps += result.steps();
            engine.readParameters(now);
            for (int i = 0; i < mean.length; i++) {
                mean[i] += now[i] / ends.length;
            }
            first = last;
        }
        engine.writeParameters(mean);
        return new TrainingResult(sum / steps, before + steps);
    }

    /**
     * @param steps of a pass
     * @return after how many of them its points lie, ascending; the last one is its end
     */
    static int[] points(long steps, double tail) {
        long inTail = Math.min(steps, Math.round(tail * steps));
        int count = (int) Math.min(POINTS, inTail);
        int[] points = new int[count];
        for (int i = 0; i < count; i++) {
            points[i] = (int) (steps - inTail + (i + 1) * inTail / count);
        }
        return points;
    }

    @Override
    public int parameterCount() {
        return engine.parameterCount();
    }

    @Override
    public void readParameters(float[] into) {
        engine.readParameters(into);
    }

    @Override
    public void writeParameters(float[] from) {
        engine.writeParameters(from);
    }

    @Override
    public int leastSamples() {
        return engine.leastSamples();
    }

    @Override
    public Evaluation evaluate(Samples samples) {
        return engine.evaluate(samples);
    }

    @Override
    public byte[] save() {
        return engine.save();
    }

    @Override
    public Map<String, byte[]> extras() {
        return engine.extras();
    }

    @Override
    public void close() {
        engine.close();
    }
}
