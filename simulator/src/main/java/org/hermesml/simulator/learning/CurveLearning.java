package org.hermesml.simulator.learning;

import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.hermesml.training.Engine.Evaluation;
import org.hermesml.training.data.HeldOut;

/**
 * Learning by a recorded curve in place of training, to see how the rest grows with the number of
 * devices. The model is one number: how many samples it has learnt from. Training adds to it,
 * merging mixes it, and loss and accuracy follow from it and a little noise. Samples have no labels
 * here, and none that a hostile device could flip.
 */
public final class CurveLearning implements Learning {
    /**
     * {@code norm_limit} that refuses nothing: the weights here say how much was learnt, so that
     * their norms say nothing.
     */
    public static final double ANY_NORM = 1e9;

    private static final int MNIST_PARAMETERS = 109_386;
    private static final double NOISE = 0.01;
    private static final int HELD_OUT_SAMPLES = 2000;

    private final long travellingParameters;
    private final RecordedCurve curve;
    private final long seed;

    /**
     * @param travellingParameters of the model whose records are sent
     * @param seed of the noise
     */
    public CurveLearning(long travellingParameters, RecordedCurve curve, long seed) {
        this.travellingParameters = travellingParameters;
        this.curve = curve;
        this.seed = seed;
    }

    /** As the built-in network of two hidden layers learns MNIST with plain SGD: a recording. */
    public static CurveLearning mnist(long seed) {
        return new CurveLearning(MNIST_PARAMETERS, RecordedCurve.read(RecordedCurve.MNIST), seed);
    }

    @Override
    public int parameterCount() {
        return 1;
    }

    @Override
    public long travellingParameters() {
        return travellingParameters;
    }

    @Override
    public float[] initialWeights() {
        return new float[1];
    }

    @Override
    public Supplier<Trained> train(Bout bout) {
        return () -> {
            double learnt = bout.weights()[0] + (double) bout.samples().length * bout.epochs();
            double start = noisy(at(bout.weights()[0], curve.losses()), bout.seed(), 1);
            float[] weights = {(float) learnt};
            return new Trained(
                    weights,
                    start,
                    switch (bout.heldOut()) {
                        case NONE -> null;
                        case ALL -> evaluation(weights, 0, 1);
                        case QUARTER -> quarter(weights, bout.seed());
                    });
        };
    }

    @Override
    public Supplier<Evaluation> evaluate(float[] weights) {
        return () -> evaluation(weights, 0, 1);
    }

    @Override
    public Supplier<Evaluation> evaluateQuarter(float[] weights, long seed) {
        return () -> quarter(weights, seed);
    }

    @Override
    public Evaluation test(float[] weights) {
        return evaluation(weights, 1, 1);
    }

    private Evaluation quarter(float[] weights, long salt) {
        // A quarter of the samples doubles the error of their mean.
        Evaluation rough = evaluation(weights, salt, 2);
        return new Evaluation(rough.loss(), rough.accuracy(), HeldOut.quarterOf(HELD_OUT_SAMPLES));
    }

    private Evaluation evaluation(float[] weights, long salt, double noise) {
        return new Evaluation(
                noisy(at(weights[0], curve.losses()), salt, noise),
                at(weights[0], curve.accuracies()),
                HELD_OUT_SAMPLES);
    }

    private double noisy(double value, long salt, double noise) {
        SplittableRandom random =
                new SplittableRandom((seed ^ Double.doubleToLongBits(value)) + salt);
        return value * (1 + noise * NOISE * (2 * random.nextDouble() - 1));
    }

    private double at(double learnt, double[] values) {
        double[] samples = curve.samples();
        int i = 1;
        while (i < samples.length - 1 && samples[i] < learnt) {
            i++;
        }
        double part = (learnt - samples[i - 1]) / (samples[i] - samples[i - 1]);
        return values[i - 1] + Math.max(0, Math.min(1, part)) * (values[i] - values[i - 1]);
    }

    @Override
    public void close() {}
}
