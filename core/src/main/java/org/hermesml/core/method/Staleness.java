package org.hermesml.core.method;

/** Weights of updates that were made from an old version. */
final class Staleness {
    /**
     * The polynomial weight of FedAsync (Xie, Koyejo, Gupta, "Asynchronous Federated Optimization",
     * 2019).
     *
     * @param delay versions made since the worker pulled
     * @param exponent 0 for no weight
     */
    static double polynomial(long delay, double exponent) {
        return exponent == 0 ? 1 : Math.pow(delay + 1.0, -exponent);
    }

    private Staleness() {}
}
