package org.hermesml.training;

import java.util.Map;

/** One model that can be trained and evaluated here. Used by one thread at a time. */
public interface Engine extends AutoCloseable {
    /** Trainable parameters, flat. */
    int parameterCount();

    /** Copies the parameters to {@code into}, {@code [parameterCount]}. */
    void readParameters(float[] into);

    /** A copy of the parameters, {@code [parameterCount]}. */
    default float[] parameters() {
        float[] parameters = new float[parameterCount()];
        readParameters(parameters);
        return parameters;
    }

    /**
     * Replaces the parameters by {@code from}, {@code [parameterCount]}; the optimiser keeps its
     * state.
     */
    void writeParameters(float[] from);

    /**
     * @throws IllegalArgumentException when {@code parameters} are not as many as the model has
     */
    default void checkLength(float[] parameters) {
        if (parameters.length != parameterCount()) {
            throw new IllegalArgumentException(
                    "The model has " + parameterCount() + " parameters, not " + parameters.length);
        }
    }

    /**
     * One bout of local training: {@code epochs} passes over the samples at {@code drawn}, in an
     * order that is drawn anew for each pass from {@code seed}, in mini-batches of {@code
     * miniBatch} (the last one of a pass may be smaller, or take in a rest that {@link
     * #leastSamples} rules out).
     *
     * @throws TrainingException when the loss becomes NaN or infinite
     */
    TrainingResult train(Samples samples, int[] drawn, int epochs, int miniBatch, long seed);

    /**
     * The fewest samples that a step can learn from; fewer at the end of a pass join the mini-batch
     * before them.
     */
    default int leastSamples() {
        return 1;
    }

    /** Mean loss and accuracy over all {@code samples}. */
    Evaluation evaluate(Samples samples);

    /** The model with its present parameters, as a file of the format that it came in. */
    byte[] save();

    /**
     * Further files for whoever takes the model away, by name: {@code weights.npz} for a model that
     * came from Keras.
     */
    default Map<String, byte[]> extras() {
        return Map.of();
    }

    @Override
    void close();

    /**
     * @param loss mean training loss over the mini-batches of the last pass
     * @param steps mini-batch steps done
     */
    record TrainingResult(double loss, long steps) {}

    /**
     * @param accuracy fraction of samples whose likeliest class is their label
     */
    record Evaluation(double loss, double accuracy, int samples) {}
}
