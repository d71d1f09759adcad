package org.hermesml.edge.worker;

import java.util.List;
import java.util.Optional;
import org.hermesml.training.Samples;

/** What the iterations of one incarnation draw their samples from. */
interface TrainingSamples extends AutoCloseable {
    /**
     * @param blocks that they lie in
     */
    record Present(Samples samples, int blocks) {}

    /** Takes the blocks at {@code positions} of the run's index from now on. */
    void want(List<Integer> positions);

    /**
     * Waits until at least {@code samples} are here, or all that there will be, at most {@code ms}.
     *
     * @return empty when the time is over
     */
    Optional<Present> present(int samples, long ms) throws InterruptedException;

    @Override
    void close();
}
