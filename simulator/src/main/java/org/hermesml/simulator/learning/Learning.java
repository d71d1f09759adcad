package org.hermesml.simulator.learning;

import java.util.function.Supplier;
import org.hermesml.training.Engine.Evaluation;
import org.hermesml.training.TrainingException;

/**
 * What really happens to models while virtual time passes. Every result is a pure function of its
 * arguments, whenever and on whatever thread it is computed. Arrays that come in are not changed,
 * arrays that come out are not changed any more.
 */
public interface Learning extends AutoCloseable {
    /** Length of all weights here. */
    int parameterCount();

    /** Parameters of the model that travels, which says how large its records are. */
    long travellingParameters();

    /** Of version 0, {@code [parameterCount]}. */
    float[] initialWeights();

    /**
     * Begins a bout of training; the supplier waits for it, once.
     *
     * @throws TrainingException from the supplier, when the model diverges
     */
    Supplier<Trained> train(Bout bout);

    /** Begins an evaluation on the held-out samples; the supplier waits for it, once. */
    Supplier<Evaluation> evaluate(float[] weights);

    /** Likewise on a quarter of the held-out samples, drawn from {@code seed}. */
    Supplier<Evaluation> evaluateQuarter(float[] weights, long seed);

    /** On the test samples. */
    Evaluation test(float[] weights);

    @Override
    void close();

    /** Which of the held-out samples are looked at; a quarter is drawn from the bout's seed. */
    enum Measure {
        NONE,
        ALL,
        QUARTER
    }

    /**
     * @param samples positions in the training part
     * @param heldOut on which of the held-out samples the new weights are to be evaluated
     * @param flipped whether it trains on the mirrored classes, the last one for the first
     */
    record Bout(
            float[] weights,
            int[] samples,
            int epochs,
            int miniBatch,
            long seed,
            Measure heldOut,
            boolean flipped) {}

    /**
     * @param loss mean training loss of the last pass
     * @param heldOut null where it was not asked for
     */
    record Trained(float[] weights, double loss, Evaluation heldOut) {}
}
