package org.hermesml.core.account;

/**
 * What a worker's iterations take besides training and waiting: evaluating its model, sending its
 * update and pulling the newest version. Counted from pull to pull, and told as the mean of the
 * iterations between, so that who seldom pushes is not taken for one who always does.
 *
 * <p>For one life of a worker. One thread at a time.
 */
public final class Overhead {
    private double seconds;
    private int iterations;
    private boolean hasPulled;

    /** The worker has evaluated its model or sent its update. */
    public void spent(double seconds) {
        this.seconds += seconds;
    }

    /** The worker has pulled a version: what it then trains is counted with this. */
    public void pulled(double seconds) {
        spent(seconds);
        hasPulled = true;
    }

    /**
     * To be called once for each iteration, when all that belongs to it is spent.
     *
     * @return seconds per iteration since this was last above 0; 0 where the worker has not pulled
     *     since
     */
    public double ofIteration() {
        iterations++;
        if (!hasPulled) {
            return 0;
        }
        double mean = seconds / iterations;
        seconds = 0;
        iterations = 0;
        hasPulled = false;
        return mean;
    }
}
