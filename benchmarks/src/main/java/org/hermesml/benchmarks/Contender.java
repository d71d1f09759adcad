package org.hermesml.benchmarks;

/** What is measured beside others. One thread. */
interface Contender extends AutoCloseable {
    String name();

    /** Trains on the next {@code steps} mini-batches. */
    void train(int steps);

    /** Evaluates {@code batches} batches of samples. */
    void evaluate(int batches);

    @Override
    void close();
}
