package org.hermesml.cli.chaos;

import java.util.List;

/**
 * What became of every update.
 *
 * @param admitted that the log takes into the model
 * @param refused by the log
 * @param lost updates that were promised and are not there, or were pushed and never answered; each
 *     with what is wrong
 * @param doubled updates that the log takes in more than once
 * @param versions made anew from the log
 * @param faults where the model differs from what the log says, in words
 */
record Audit(
        long admitted,
        long refused,
        List<String> lost,
        List<String> doubled,
        int versions,
        List<String> faults) {

    boolean replayEqual() {
        return faults.isEmpty();
    }

    boolean clean() {
        return lost.isEmpty() && doubled.isEmpty() && replayEqual();
    }
}
