package org.hermesml.core.method;

/**
 * A worker that takes part now, as an admission rule sees it.
 *
 * @param effectiveClock iterations finished, comparable between workers: one that joins late or
 *     comes back starts at the least of the others
 * @param seconds that its newest iteration took; 0 before the first
 * @param waits clock of its decided push, of which it hears when it is released; 0: none
 * @param ready clock of the iteration that it has finished and asks about; 0: none
 * @param wants with {@code ready}: it wishes to synchronise
 */
public record LiveWorker(
        long incarnation,
        long effectiveClock,
        double seconds,
        long waits,
        long ready,
        boolean wants) {

    public boolean isReady() {
        return ready > 0;
    }

    public boolean isWaiting() {
        return waits > 0;
    }
}
