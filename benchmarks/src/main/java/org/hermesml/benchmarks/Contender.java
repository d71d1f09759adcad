package org.hermesml.benchmarks;

/** What is measured beside others. One thread. */
interface Contender extends AutoCloseable {
    String name();

    /** Trains on the next {@code steps} mini-batches. */
    void train(int steps);

    /** Evaluates the next {@code batches} batches of samples; as many samples as {@link #train}. */
    void evaluate(int batches);

    @Override
    void close();
}
