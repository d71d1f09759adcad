package org.hermesml.operators;

import java.util.HashMap;
import java.util.Map;

/**
 * The books of all runs of one function: kept open in memory, and written through to keyed state
 * after each event, so that a checkpoint has all of them. The key is the run.
 */
abstract class OpenBooks<B> {
    private final Map<String, B> open = new HashMap<>();

    /** From keyed state; of a run that has none an empty one. */
    protected abstract B read() throws Exception;

    /** What changed, after each event. */
    abstract void write(B book) throws Exception;

    /** Of the run of the present key. */
    final B of(String run) throws Exception {
        B book = open.get(run);
        if (book == null) {
            book = read();
            open.put(run, book);
        }
        return book;
    }

    /** The state stays, or was cleared: what is in memory is not to be trusted, or not needed. */
    final void close(String run) {
        open.remove(run);
    }
}
